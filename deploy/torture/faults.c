// Preloaded into the gateway (LD_PRELOAD, ld.so(8)), it makes one kind of system call fail, or be the gateway's last. The
// calls of all threads are counted together: the third fsync is the third that the process makes.
//
//   FAULT=CALL:WHAT:FIRST[:STEP:SECONDS]   FAULT_LOG=FILE
//
// CALL is fsync, fdatasync, rename, send (to a socket), write or pwrite (to a file). WHAT is `before` or `after`: SIGKILL
// there, at call FIRST; or EIO or ENOSPC: call FIRST and each STEP-th after it fails, for so many seconds. FAULT_LOG gets
// a line for each that was hit; with WHAT `count` a line for every call.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static char wanted[16], what[16];
static long first, step, seconds, began;
static atomic_long calls;
static int told = -1;

static long now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec;
}

__attribute__((constructor)) static void begin(void) {
  const char *fault = getenv("FAULT"), *file = getenv("FAULT_LOG");
  if (!fault || sscanf(fault, "%15[^:]:%15[^:]:%ld:%ld:%ld", wanted, what, &first, &step, &seconds) < 2) return;
  if (file) told = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void tell(const char *call) {
  char line[48];
  int length = snprintf(line, sizeof line, "%s %s\n", call, what);
  // Not by write(2) as it is here, which would be counted.
  if (told >= 0) syscall(SYS_write, told, line, length);
}

static int is(const char *word) { return strcmp(what, word) == 0; }

static void die(const char *call) {
  tell(call);
  kill(getpid(), SIGKILL);
}

// Before the call: the number of it, and whether it fails with an error.
static long enter(const char *call, int *error) {
  *error = 0;
  if (strcmp(call, wanted) && strcmp(wanted, "any")) return 0;
  long number = atomic_fetch_add(&calls, 1) + 1;
  if (is("count")) tell(call);
  if (is("before") && number == first) die(call);
  *error = is("EIO") ? EIO : is("ENOSPC") ? ENOSPC : 0;
  if (!*error || number < first || (number - first) % (step ? step : 1)) return *error = 0, number;
  if (!began) began = now();
  if (now() - began >= seconds) return *error = 0, number;
  tell(call);
  return number;
}

static void leave(const char *call, long number) {
  if (number && number == first && is("after")) die(call);
}

static int is_kind(int descriptor, mode_t kind) {
  struct stat about;
  return fstat(descriptor, &about) == 0 && (about.st_mode & S_IFMT) == kind;
}

// The call of that name, on a descriptor of that kind; others pass.
#define WRAP(name, result, parameters, arguments, call, counts)        \
  result name parameters {                                             \
    static result(*real) parameters;                                   \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name);              \
    const char *of = (counts) ? call : 0;                              \
    int error = 0;                                                     \
    long number = of ? enter(of, &error) : 0;                          \
    if (error) return errno = error, (result)-1;                       \
    result done = real arguments;                                      \
    int kept = errno;                                                  \
    if (of) leave(of, number);                                         \
    errno = kept;                                                      \
    return done;                                                       \
  }

#define KIND(fd, call) (is_kind(fd, S_IFSOCK) ? "send" : call)
#define COUNTS(fd) (is_kind(fd, S_IFSOCK) || is_kind(fd, S_IFREG))

WRAP(fsync, int, (int fd), (fd), "fsync", 1)
WRAP(fdatasync, int, (int fd), (fd), "fdatasync", 1)
WRAP(rename, int, (const char *from, const char *to), (from, to), "rename", 1)
WRAP(renameat, int, (int a, const char *from, int b, const char *to), (a, from, b, to), "rename", 1)
WRAP(renameat2, int, (int a, const char *from, int b, const char *to, unsigned flags), (a, from, b, to, flags), "rename", 1)
WRAP(send, ssize_t, (int fd, const void *octets, size_t size, int flags), (fd, octets, size, flags), "send", 1)
WRAP(sendto, ssize_t, (int fd, const void *octets, size_t size, int flags, const struct sockaddr *to, socklen_t length),
     (fd, octets, size, flags, to, length), "send", 1)
WRAP(sendmsg, ssize_t, (int fd, const struct msghdr *message, int flags), (fd, message, flags), "send", 1)
WRAP(write, ssize_t, (int fd, const void *octets, size_t size), (fd, octets, size), KIND(fd, "write"), COUNTS(fd))
WRAP(writev, ssize_t, (int fd, const struct iovec *pieces, int count), (fd, pieces, count), KIND(fd, "write"), COUNTS(fd))
WRAP(pwrite, ssize_t, (int fd, const void *octets, size_t size, off_t at), (fd, octets, size, at), "pwrite", COUNTS(fd))
WRAP(pwrite64, ssize_t, (int fd, const void *octets, size_t size, off64_t at), (fd, octets, size, at), "pwrite", COUNTS(fd))
