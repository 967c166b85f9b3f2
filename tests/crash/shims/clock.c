/* A machine's clock that can jump (会跳的钟): the real one plus the seconds in a shared file.
 *
 * Preloaded by tests/crash/test_clock_jumps.py. CLOCK_JUMP names a file that holds one int64, the
 * nanoseconds to add; it is mapped, so a jump is seen by every process at once. Monotonic clocks
 * are left alone, as a real jump leaves them. CLOCK_ONLY: a word that must stand in the command
 * line, for programs that start others on another machine, so to say.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t none = 0, *jump = &none;

static int is_meant(const char *word) {
    char said[4096];
    int fd = open("/proc/self/cmdline", O_RDONLY);
    ssize_t size = fd < 0 ? 0 : read(fd, said, sizeof said - 1);
    if (fd >= 0) close(fd);
    return size > 0 && memmem(said, size, word, strlen(word)) != NULL;
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("CLOCK_JUMP"), *only = getenv("CLOCK_ONLY");
    if (!path || (only && !is_meant(only))) return;
    int fd = open(path, O_RDONLY);
    void *at = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof none, PROT_READ, MAP_SHARED, fd, 0);
    if (fd >= 0) close(fd);
    if (at == MAP_FAILED) abort(); /* a jump that is not seen would look like a good test */
    jump = at;
}

int clock_gettime(clockid_t which, struct timespec *now) {
    int done = syscall(SYS_clock_gettime, which, now);
    if (!done && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) {
        int64_t ns = now->tv_sec * 1000000000LL + now->tv_nsec + *jump;
        now->tv_sec = ns / 1000000000LL;
        now->tv_nsec = ns % 1000000000LL;
    }
    return done;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    struct timespec found;
    int done = clock_gettime(CLOCK_REALTIME, &found);
    now->tv_sec = found.tv_sec;
    now->tv_usec = found.tv_nsec / 1000;
    return done;
}

time_t time(time_t *kept) {
    struct timespec found;
    clock_gettime(CLOCK_REALTIME, &found);
    if (kept) *kept = found.tv_sec;
    return found.tv_sec;
}
