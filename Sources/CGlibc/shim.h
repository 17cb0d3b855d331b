// What Swift's own module of the C library leaves out: mallopt(3), and renameat2(2), which is GNU's alone.
#include <fcntl.h>
#include <malloc.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Each of two paths gets what the other names, in one step: RENAME_EXCHANGE, which linux/fs.h numbers. 0, or -1 with errno.
static inline int postplein_exchange(const char *one, const char *other) {
  return (int)syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 1u << 1);
}
