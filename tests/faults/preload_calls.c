/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into the real program: one system call, or one allocation, fails,
 * or the process ends there.
 *
 *   FAULT_CALLS   names joined by commas, of those below
 *   FAULT_AT      the n-th of them fails, counted from when the passphrase is
 *                 read (descriptor 8); 0: none
 *   FAULT_ERRNO   a number
 *   FAULT_STICKY  1: all after it fail too
 *   FAULT_KILL    1: it does not fail, the process ends before it by SIGILL
 *   FAULT_LOG     gets "hit" when a call fails, "calls N" when the program ends
 *
 * Writing to the terminal's three descriptors is never made to fail; "show" is
 * writing to standard output, at which the process can only end.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define PASSPHRASE_FD 8

enum call {
    WRITE,
    PWRITE,
    FSYNC,
    FDATASYNC,
    FTRUNCATE,
    RENAME,
    UNLINK,
    MKDIR,
    MALLOC,
    SHOW,
    CALLS
};
static const char *const names[CALLS] = {
    "write",  "pwrite", "fsync", "fdatasync", "ftruncate",
    "rename", "unlink", "mkdir", "malloc",    "show",
};

static unsigned wanted; /* bits of enum call */
static unsigned long at, seen;
static int error = EIO;
static bool sticky, deadly, armed, hit;
static int log_fd = -1;

static void say(const char *text)
{
    /* Straight to the kernel: our own write is one that may fail. */
    if (log_fd >= 0) {
        ssize_t (*real)(int, const void *, size_t);

        *(void **)&real = dlsym(RTLD_NEXT, "write");
        if (real(log_fd, text, strlen(text)) < 0)
            abort();
    }
}

static bool fails(enum call c)
{
    if (!armed || (wanted & (1u << c)) == 0)
        return false;
    seen++;
    if (at == 0 || seen < at || (seen > at && !sticky))
        return false;
    if (!hit) {
        hit = true;
        armed = false;
        say("hit\n");
        armed = true;
    }
    /* the sandbox lets it send no signal, not even to itself */
    if (deadly)
        __builtin_trap();
    errno = error;
    return true;
}

static bool is_one(const char *name)
{
    const char *text = getenv(name);

    return text != NULL && strcmp(text, "1") == 0;
}

__attribute__((constructor)) static void start(void)
{
    const char *calls = getenv("FAULT_CALLS");
    const char *text = getenv("FAULT_LOG");

    while (calls != NULL && *calls != '\0') {
        size_t n = strcspn(calls, ",");

        for (size_t i = 0; i < CALLS; i++)
            if (strlen(names[i]) == n && memcmp(names[i], calls, n) == 0)
                wanted |= 1u << i;
        calls += n + (calls[n] == ',');
    }
    if (text != NULL)
        log_fd = open(text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    text = getenv("FAULT_AT");
    at = text != NULL ? strtoul(text, NULL, 10) : 0;
    text = getenv("FAULT_ERRNO");
    error = text != NULL ? (int)strtol(text, NULL, 10) : EIO;
    sticky = is_one("FAULT_STICKY");
    deadly = is_one("FAULT_KILL");
}

__attribute__((destructor)) static void end(void)
{
    char text[64];

    armed = false;
    snprintf(text, sizeof text, "calls %lu\n", seen);
    say(text);
}

/* REAL(type, name, arguments): the next function of that name. */
#define REAL(type, name, ...)         \
    static type (*real)(__VA_ARGS__); \
    if (real == NULL)                 \
    *(void **)&real = dlsym(RTLD_NEXT, name)

/* Counting begins where the passphrase is read: all libraries have started
 * and the process is confined.  (Before, some of them abort or loop without
 * memory; nothing is open then.) */
ssize_t read(int fd, void *p, size_t n)
{
    REAL(ssize_t, "read", int, void *, size_t);
    armed = armed || fd == PASSPHRASE_FD;
    return real(fd, p, n);
}

/* The program closes what its parent left open, and cannot know this one. */
int close(int fd)
{
    REAL(int, "close", int);
    return fd >= 0 && fd == log_fd ? 0 : real(fd);
}

ssize_t write(int fd, const void *p, size_t n)
{
    REAL(ssize_t, "write", int, const void *, size_t);
    if (fd == 1 && deadly)
        (void)fails(SHOW);
    return fd > 2 && fails(WRITE) ? -1 : real(fd, p, n);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t off)
{
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
    return fails(PWRITE) ? -1 : real(fd, p, n, off);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t off)
{
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    return fails(PWRITE) ? -1 : real(fd, p, n, off);
}

int fsync(int fd)
{
    REAL(int, "fsync", int);
    return fails(FSYNC) ? -1 : real(fd);
}

int fdatasync(int fd)
{
    REAL(int, "fdatasync", int);
    return fails(FDATASYNC) ? -1 : real(fd);
}

int ftruncate(int fd, off_t n)
{
    REAL(int, "ftruncate", int, off_t);
    return fails(FTRUNCATE) ? -1 : real(fd, n);
}

int ftruncate64(int fd, off64_t n)
{
    REAL(int, "ftruncate64", int, off64_t);
    return fails(FTRUNCATE) ? -1 : real(fd, n);
}

int rename(const char *from, const char *to)
{
    REAL(int, "rename", const char *, const char *);
    return fails(RENAME) ? -1 : real(from, to);
}

int renameat(int a, const char *from, int b, const char *to)
{
    REAL(int, "renameat", int, const char *, int, const char *);
    return fails(RENAME) ? -1 : real(a, from, b, to);
}

int unlink(const char *path)
{
    REAL(int, "unlink", const char *);
    return fails(UNLINK) ? -1 : real(path);
}

int unlinkat(int dir, const char *path, int flags)
{
    REAL(int, "unlinkat", int, const char *, int);
    return fails(UNLINK) ? -1 : real(dir, path, flags);
}

int mkdir(const char *path, mode_t mode)
{
    REAL(int, "mkdir", const char *, mode_t);
    return fails(MKDIR) ? -1 : real(path, mode);
}

/* The C library shows its allocator under these names: no look-up, which
 * would allocate. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t k, size_t n);
void *__libc_realloc(void *p, size_t n);

void *malloc(size_t n)
{
    return fails(MALLOC) ? NULL : __libc_malloc(n);
}

void *calloc(size_t k, size_t n)
{
    return fails(MALLOC) ? NULL : __libc_calloc(k, n);
}

void *realloc(void *p, size_t n)
{
    return fails(MALLOC) ? NULL : __libc_realloc(p, n);
}
