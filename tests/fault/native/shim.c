/*
 * Preloaded into a process under test (LD_PRELOAD), between it and the C library.
 *
 * LALANH_FAULT_CONTROL names a file that is shared as memory: which calls fail, on which files, from the
 * n-th on, how often, with which error; and by how much the wall clock is wrong. The harness changes it while
 * the process runs. LALANH_FAULT_RECORD names a file that gets every write, sync, truncation, removal and
 * renaming of the files whose path contains one of LALANH_FAULT_MATCH (comma-separated), in their order.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { OP_WRITE = 1, OP_SYNC = 2, OP_TRUNCATE = 4, OP_OPEN = 8, OP_MAP = 16, OP_UNLINK = 32, OP_RENAME = 64, FAILED_SYNC = 128 };
/* What a failing call does: nothing; the whole work, unreported; half of a write. */
enum { DO_NOTHING = 0, DO_ALL = 1, DO_HALF = 2 };

/* The layout that tests/fault/shim.ts writes. */
struct control {
  int32_t ops;
  int32_t error;
  int32_t skip;
  int32_t times;
  int32_t mode;
  int32_t failed;
  int64_t clock_ns;
  char pattern[64];
};

/* What precedes the name and the bytes of one recorded call, little-endian. */
struct record {
  uint32_t op;
  uint32_t name;
  uint32_t bytes;
  uint32_t unused;
  int64_t offset;
};

#define PATH_MAX_BYTES 1024
#define MATCHES_MAX 8

static struct control *control;
static int record_fd = -1;
static char matches[256];
static const char *match[MATCHES_MAX];
static int match_count;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off64_t);
static int (*real_open)(const char *, int, ...);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);
static void *(*real_mmap)(void *, size_t, int, int, int, off64_t);
static int (*real_clock)(clockid_t, struct timespec *);
static int (*real_day)(struct timeval *, void *);

static void bind_all(void) {
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_write = dlsym(RTLD_NEXT, "write");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_open = dlsym(RTLD_NEXT, "open64");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_rename = dlsym(RTLD_NEXT, "rename");
  real_mmap = dlsym(RTLD_NEXT, "mmap64");
  real_clock = dlsym(RTLD_NEXT, "clock_gettime");
  real_day = dlsym(RTLD_NEXT, "gettimeofday");
}

static void start(void) {
  bind_all();
  const char *file = getenv("LALANH_FAULT_CONTROL");
  if (file != NULL) {
    int fd = real_open(file, O_RDWR | O_CLOEXEC);
    void *at = fd < 0 ? MAP_FAILED : real_mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) _exit(97);
    close(fd);
    control = at;
  }
  file = getenv("LALANH_FAULT_RECORD");
  const char *names = getenv("LALANH_FAULT_MATCH");
  if (file == NULL || names == NULL) return;
  strncpy(matches, names, sizeof matches - 1);
  for (char *rest = matches, *name; match_count < MATCHES_MAX && (name = strsep(&rest, ",")) != NULL;)
    match[match_count++] = name;
  record_fd = real_open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (record_fd < 0) _exit(98);
}

/* At the first call rather than in a constructor, which not every compiler makes. */
static void begin(void) {
  static int begun;
  if (begun) return;
  begun = 1;
  start();
}

static const char *path_of(int fd, char *buffer) {
  char link[32] = "/proc/self/fd/";
  char digits[12];
  int count = 0, at = 14, number = fd;
  if (fd < 0) return NULL;
  do digits[count++] = (char)('0' + number % 10); while ((number /= 10) > 0);
  while (count > 0) link[at++] = digits[--count];
  link[at] = 0;
  ssize_t length = readlink(link, buffer, PATH_MAX_BYTES - 1);
  if (length < 0) return NULL;
  buffer[length] = 0;
  return buffer;
}

/* 0, or the error that this call has to end with. Counted under a lock: not every compiler has atomics. */
static int failing(int op, const char *path) {
  struct control *c = control;
  if (c == NULL || path == NULL || (c->ops & op) == 0 || strstr(path, c->pattern) == NULL) return 0;
  int error = 0;
  pthread_mutex_lock(&counting);
  if (c->skip > 0) c->skip -= 1;
  else if (c->times != 0) {
    if (c->times > 0) c->times -= 1;
    c->failed += 1;
    error = c->error;
  }
  pthread_mutex_unlock(&counting);
  return error;
}

static int recorded(const char *path) {
  if (record_fd < 0 || path == NULL) return 0;
  for (int at = 0; at < match_count; at += 1) if (strstr(path, match[at]) != NULL) return 1;
  return 0;
}

static void put(const void *bytes, size_t count) {
  while (count > 0) {
    ssize_t done = real_write(record_fd, bytes, count);
    if (done <= 0) _exit(99);
    bytes = (const char *)bytes + done;
    count -= (size_t)done;
  }
}

static void note(int op, const char *path, int64_t offset, const void *bytes, size_t count) {
  struct record head = { (uint32_t)op, (uint32_t)strlen(path), (uint32_t)count, 0, offset };
  put(&head, sizeof head);
  put(path, head.name);
  put(bytes, count);
}

static ssize_t write_at(int fd, const void *bytes, size_t count, off64_t offset, int positioned) {
  begin();
  char buffer[PATH_MAX_BYTES];
  int watched = record_fd >= 0 || (control != NULL && (control->ops & OP_WRITE));
  const char *path = watched && fd != record_fd ? path_of(fd, buffer) : NULL;
  int error = failing(OP_WRITE, path);
  if (error != 0) {
    size_t part = control->mode == DO_ALL ? count : control->mode == DO_HALF ? count / 2 : 0;
    if (part > 0) (void)!(positioned ? real_pwrite(fd, bytes, part, offset) : real_write(fd, bytes, part));
    errno = error;
    return -1;
  }
  int wanted = recorded(path);
  if (wanted) pthread_mutex_lock(&order);
  if (!positioned && wanted) offset = lseek64(fd, 0, SEEK_CUR);
  ssize_t done = positioned ? real_pwrite(fd, bytes, count, offset) : real_write(fd, bytes, count);
  int saved = errno;
  if (wanted && done > 0) note(OP_WRITE, path, offset, bytes, (size_t)done);
  if (wanted) pthread_mutex_unlock(&order);
  errno = saved;
  return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) { return write_at(fd, bytes, count, offset, 1); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return write_at(fd, bytes, count, offset, 1); }
ssize_t write(int fd, const void *bytes, size_t count) {
  return write_at(fd, bytes, count, 0, 0);
}

static int sync_with(int (**call)(int), int fd) {
  begin();
  char buffer[PATH_MAX_BYTES];
  const char *path = control != NULL || record_fd >= 0 ? path_of(fd, buffer) : NULL;
  int error = failing(OP_SYNC, path);
  if (error != 0) {
    if (control->mode == DO_ALL) (void)!(*call)(fd);
    if (recorded(path)) {
      pthread_mutex_lock(&order);
      note(control->mode == DO_ALL ? OP_SYNC : FAILED_SYNC, path, 0, "", 0);
      pthread_mutex_unlock(&order);
    }
    errno = error;
    return -1;
  }
  int wanted = recorded(path);
  if (wanted) pthread_mutex_lock(&order);
  int done = (*call)(fd);
  int saved = errno;
  if (wanted && done == 0) note(OP_SYNC, path, 0, "", 0);
  if (wanted) pthread_mutex_unlock(&order);
  errno = saved;
  return done;
}

int fsync(int fd) { return sync_with(&real_fsync, fd); }
int fdatasync(int fd) { return sync_with(&real_fdatasync, fd); }

int ftruncate64(int fd, off64_t length) {
  begin();
  char buffer[PATH_MAX_BYTES];
  const char *path = control != NULL || record_fd >= 0 ? path_of(fd, buffer) : NULL;
  int error = failing(OP_TRUNCATE, path);
  if (error != 0) {
    if (control->mode == DO_ALL) (void)!real_ftruncate(fd, length);
    errno = error;
    return -1;
  }
  int wanted = recorded(path);
  if (wanted) pthread_mutex_lock(&order);
  int done = real_ftruncate(fd, length);
  int saved = errno;
  if (wanted && done == 0) note(OP_TRUNCATE, path, length, "", 0);
  if (wanted) pthread_mutex_unlock(&order);
  errno = saved;
  return done;
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int open_with(const char *path, int flags, mode_t mode) {
  begin();
  int error = failing(OP_OPEN, path);
  if (error != 0) {
    errno = error;
    return -1;
  }
  return real_open(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_with(path, flags, mode);
}
int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_with(path, flags, mode);
}

int unlink(const char *path) {
  begin();
  int error = failing(OP_UNLINK, path);
  if (error != 0) {
    errno = error;
    return -1;
  }
  int wanted = recorded(path);
  if (wanted) pthread_mutex_lock(&order);
  int done = real_unlink(path);
  int saved = errno;
  if (wanted && done == 0) note(OP_UNLINK, path, 0, "", 0);
  if (wanted) pthread_mutex_unlock(&order);
  errno = saved;
  return done;
}

int rename(const char *from, const char *to) {
  begin();
  int wanted = recorded(from) || recorded(to);
  if (wanted) pthread_mutex_lock(&order);
  int done = real_rename(from, to);
  int saved = errno;
  if (wanted && done == 0) note(OP_RENAME, from, 0, to, strlen(to));
  if (wanted) pthread_mutex_unlock(&order);
  errno = saved;
  return done;
}

void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset) {
  begin();
  if (fd >= 0 && control != NULL && (control->ops & OP_MAP)) {
    char buffer[PATH_MAX_BYTES];
    int error = failing(OP_MAP, path_of(fd, buffer));
    if (error != 0) {
      errno = error;
      return MAP_FAILED;
    }
  }
  return real_mmap(at, length, protection, flags, fd, offset);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  begin();
  int done = real_clock(clock, now);
  int64_t wrong = control == NULL || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) ? 0 : control->clock_ns;
  if (done != 0 || wrong == 0) return done;
  int64_t sum = (int64_t)now->tv_sec * 1000000000 + now->tv_nsec + wrong;
  now->tv_sec = sum / 1000000000;
  now->tv_nsec = sum % 1000000000;
  return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  begin();
  int done = real_day(now, zone);
  if (done != 0 || control == NULL || control->clock_ns == 0) return done;
  int64_t sum = (int64_t)now->tv_sec * 1000000 + now->tv_usec + control->clock_ns / 1000;
  now->tv_sec = sum / 1000000;
  now->tv_usec = sum % 1000000;
  return 0;
}
