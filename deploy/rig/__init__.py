"""What benchmarks and the fault campaign stand on: a school of any size, servers of any temper, and a gateway as a process."""
