// What Swift's own module of the C library leaves out: mallopt(3), and what is GNU's or Linux's alone.
#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Each of two paths gets what the other names, in one step: RENAME_EXCHANGE, which linux/fs.h numbers. 0, or -1 with errno.
static inline int postplein_exchange(const char *one, const char *other) {
  return (int)syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 1u << 1);
}

/// The calling thread runs from now on while no other wants to: SCHED_IDLE of sched(7), which linux/sched.h numbers. 0, or -1 with errno.
static inline int postplein_take_what_is_left(void) {
  struct sched_param none = {.sched_priority = 0};
  return sched_setscheduler(0, 5, &none);
}

int syncfs(int descriptor);

/// All that was written to the file system of a folder is durable afterwards: syncfs(2). 0, or -1 with errno.
static inline int postplein_sync_filesystem(const char *folder) {
  int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  int result = syncfs(descriptor);
  close(descriptor);
  return result;
}

/// Whether a signal is ignored, as SIGHUP is under nohup(1).
static inline int postplein_ignores(int signal) {
  struct sigaction action;
  return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}
