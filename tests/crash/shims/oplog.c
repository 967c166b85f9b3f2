/* Writes down what a program does to its database files (写盘记录): writes, truncations, syncs.
 *
 * Preloaded into the bot by tests/crash/disk.py. OPLOG names the log; only files whose path ends
 * with OPLOG_NAME, OPLOG_NAME-wal or OPLOG_NAME-journal are looked at. One record is
 * {int64 monotonic_ns, int32 op, int32 file, int64 offset, int64 length} and, for a write, the
 * bytes. A record is made when its operation has succeeded, under one lock, so that the order of
 * the log is the order of the disk. Real calls go to the kernel directly: nothing is looked up.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE = 2, SYNC = 3, UNLINK = 4 };
#define MOST 65536

static unsigned char kind_of[MOST]; /* by descriptor: 0 none, 1 database, 2 wal, 3 journal */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static const char *wanted = NULL;

struct record { int64_t ns; int32_t op, file; int64_t offset, length; };

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("OPLOG");
    wanted = getenv("OPLOG_NAME");
    if (path && wanted)
        log_fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int ends(const char *path, const char *tail) {
    char whole[512];
    strcpy(whole, wanted);
    strcat(whole, tail);
    size_t a = strlen(path), b = strlen(whole);
    return a >= b && !strcmp(path + a - b, whole);
}

static int kind_of_path(const char *path) {
    if (log_fd < 0 || !path) return 0;
    return ends(path, "") ? 1 : ends(path, "-wal") ? 2 : ends(path, "-journal") ? 3 : 0;
}

static int kind(int fd) { return fd >= 0 && fd < MOST ? kind_of[fd] : 0; }

static void all(const void *data, size_t size) {
    for (const char *at = data; size;) {
        ssize_t n = syscall(SYS_write, log_fd, at, size);
        if (n <= 0) abort(); /* half a log would lie */
        at += n;
        size -= n;
    }
}

static void note(int op, int file, int64_t offset, int64_t length, const void *data) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct record made = {now.tv_sec * 1000000000LL + now.tv_nsec, op, file, offset, length};
    all(&made, sizeof made);
    if (data) all(data, length);
}

static int opened(const char *path, int flags, mode_t mode) {
    int file = kind_of_path(path);
    pthread_mutex_lock(&lock);
    int fd = syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    int why = errno;
    if (fd >= 0 && fd < MOST) kind_of[fd] = file;
    if (fd >= 0 && file && (flags & O_TRUNC)) note(TRUNCATE, file, 0, 0, NULL);
    pthread_mutex_unlock(&lock);
    errno = why;
    return fd;
}

static mode_t mode_in(int flags, va_list more) {
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = mode_in(flags, more);
    va_end(more);
    return opened(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = mode_in(flags, more);
    va_end(more);
    return opened(path, flags | O_LARGEFILE, mode);
}

int close(int fd) {
    if (fd >= 0 && fd < MOST) kind_of[fd] = 0;
    return syscall(SYS_close, fd);
}

static ssize_t written(int fd, const void *data, size_t size, off_t offset, int is_at) {
    int file = kind(fd);
    if (!file)
        return is_at ? syscall(SYS_pwrite64, fd, data, size, offset) : syscall(SYS_write, fd, data, size);
    pthread_mutex_lock(&lock);
    off_t at = is_at ? offset : syscall(SYS_lseek, fd, 0, SEEK_CUR);
    ssize_t n = is_at ? syscall(SYS_pwrite64, fd, data, size, offset) : syscall(SYS_write, fd, data, size);
    int why = errno;
    if (n > 0) note(WRITE, file, at, n, data);
    pthread_mutex_unlock(&lock);
    errno = why;
    return n;
}

ssize_t write(int fd, const void *data, size_t size) { return written(fd, data, size, 0, 0); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return written(fd, data, size, at, 1); }
ssize_t pwrite64(int fd, const void *data, size_t size, off_t at) { return written(fd, data, size, at, 1); }

static int noted(int fd, long call, int op, off_t length) {
    int file = kind(fd);
    if (!file) return syscall(call, fd, length);
    pthread_mutex_lock(&lock);
    int done = syscall(call, fd, length);
    int why = errno;
    if (!done) note(op, file, 0, length, NULL);
    pthread_mutex_unlock(&lock);
    errno = why;
    return done;
}

int fsync(int fd) { return noted(fd, SYS_fsync, SYNC, 0); }
int fdatasync(int fd) { return noted(fd, SYS_fdatasync, SYNC, 0); }
int ftruncate(int fd, off_t length) { return noted(fd, SYS_ftruncate, TRUNCATE, length); }
int ftruncate64(int fd, off_t length) { return noted(fd, SYS_ftruncate, TRUNCATE, length); }

int unlink(const char *path) {
    int file = kind_of_path(path);
    pthread_mutex_lock(&lock);
    int done = syscall(SYS_unlink, path);
    int why = errno;
    if (!done && file) note(UNLINK, file, 0, 0, NULL);
    pthread_mutex_unlock(&lock);
    errno = why;
    return done;
}
