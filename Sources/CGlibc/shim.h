// What Swift's own module of the C library leaves out: mallopt(3), and what is GNU's or Linux's alone.
#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
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

// As in stdio.h, which has them for who asks for what is GNU's before anything else is included.
#ifndef __USE_GNU
typedef struct {
  void *read;
  ssize_t (*write)(void *, const char *, size_t);
  void *seek;
  void *close;
} cookie_io_functions_t;
FILE *fopencookie(void *cookie, const char *mode, cookie_io_functions_t functions);
#endif

static inline ssize_t postplein_write_but_gnutls(void *cookie, const char *octets, size_t count) {
  static const char theirs[] = "GnuTLS error: ";
  if (count >= sizeof theirs - 1 && memcmp(octets, theirs, sizeof theirs - 1) == 0) return (ssize_t)count;
  return write(STDERR_FILENO, octets, count);
}

/// From now on what GnuTLS tells of an error (gnutls_perror(3), which libetpan calls) is dropped: it is no line of a log, and the error has its own. All else that C writes to `stderr`, as the last words of a program that crashes, goes to the same descriptor at once, as before.
static inline void postplein_silence_gnutls(void) {
  FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = postplein_write_but_gnutls});
  if (stream == NULL) return;
  setvbuf(stream, NULL, _IONBF, 0);
  stderr = stream;
}
