/* Loaded before libc into a host under test: makes writes, syncs, truncations, reads and SQLite's allocations fail.
 *
 * REDRESS_FAULT_FILES: the folder whose files count. REDRESS_FAULT_ORDERS: a file of the numbers below, which the test
 * writes and reads while the host runs. Calls of the ordered kinds are counted; from the `from`-th to the `to`-th every
 * `every`-th one fails with `number`. Nothing fails before there are orders. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, TRUNCATE = 4, READ = 8, MEMORY = 16, OPEN = 32 };

struct orders {
    _Atomic uint64_t kinds, number, from, to, every, seen, failed, ranges;
};

static struct orders *orders;
static char folder[4096];
static size_t folder_length;

/* Where SQLite's own allocator asks libc for memory: everybody else ends the process when there is none. */
#define RANGES 8
static struct { uintptr_t from, to; } ranges[RANGES];
static int range_count;

static int due(uint64_t kind) {
    if (!orders || !(atomic_load(&orders->kinds) & kind)) return 0;
    uint64_t n = atomic_fetch_add(&orders->seen, 1) + 1;
    uint64_t from = atomic_load(&orders->from), every = atomic_load(&orders->every);
    if (n < from || n > atomic_load(&orders->to) || every == 0 || (n - from) % every != 0) return 0;
    atomic_fetch_add(&orders->failed, 1);
    errno = (int)atomic_load(&orders->number);
    return 1;
}

static int ours_by_name(const char *path) {
    return folder_length && strncmp(path, folder, folder_length) == 0;
}

static int ours(int fd) {
    if (!orders || !atomic_load(&orders->kinds)) return 0;
    int before = errno;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    errno = before;
    if (n <= 0) return 0;
    path[n] = 0;
    return ours_by_name(path);
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

#define FAILING(type, name, kind, params, ...) \
    type name params { \
        static type (*real) params; \
        if (!real) real = (type (*) params)dlsym(RTLD_NEXT, #name); \
        if (ours(fd) && due(kind)) return -1; \
        return real(__VA_ARGS__); \
    }

FAILING(ssize_t, write, WRITE, (int fd, const void *b, size_t n), fd, b, n)
FAILING(ssize_t, pwrite, WRITE, (int fd, const void *b, size_t n, off_t at), fd, b, n, at)
FAILING(ssize_t, pwrite64, WRITE, (int fd, const void *b, size_t n, off64_t at), fd, b, n, at)
FAILING(ssize_t, writev, WRITE, (int fd, const struct iovec *v, int n), fd, v, n)
FAILING(int, fallocate, WRITE, (int fd, int m, off_t at, off_t n), fd, m, at, n)
FAILING(int, fallocate64, WRITE, (int fd, int m, off64_t at, off64_t n), fd, m, at, n)
FAILING(ssize_t, read, READ, (int fd, void *b, size_t n), fd, b, n)
FAILING(ssize_t, pread, READ, (int fd, void *b, size_t n, off_t at), fd, b, n, at)
FAILING(ssize_t, pread64, READ, (int fd, void *b, size_t n, off64_t at), fd, b, n, at)
FAILING(int, fsync, SYNC, (int fd), fd)
FAILING(int, fdatasync, SYNC, (int fd), fd)
FAILING(int, ftruncate, TRUNCATE, (int fd, off_t n), fd, n)
FAILING(int, ftruncate64, TRUNCATE, (int fd, off64_t n), fd, n)

int open64(const char *path, int flags, ...) {
    REAL(int, "open64", const char *, int, ...);
    va_list more;
    va_start(more, flags);
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0;
    va_end(more);
    if (ours_by_name(path) && due(OPEN)) return -1;
    return real(path, flags, mode);
}

int open(const char *path, int flags, ...) {
    REAL(int, "open", const char *, int, ...);
    va_list more;
    va_start(more, flags);
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0;
    va_end(more);
    if (ours_by_name(path) && due(OPEN)) return -1;
    return real(path, flags, mode);
}

static int from_sqlite(void *caller) {
    uintptr_t at = (uintptr_t)caller;
    for (int i = 0; i < range_count; i++)
        if (at >= ranges[i].from && at < ranges[i].to) return 1;
    return 0;
}

extern void *__libc_malloc(size_t);
extern void *__libc_realloc(void *, size_t);

void *malloc(size_t n) {
    if (range_count && from_sqlite(__builtin_return_address(0)) && due(MEMORY)) return NULL;
    return __libc_malloc(n);
}

void *realloc(void *p, size_t n) {
    if (range_count && from_sqlite(__builtin_return_address(0)) && due(MEMORY)) return NULL;
    return __libc_realloc(p, n);
}

static int first_object(struct dl_phdr_info *info, size_t size, void *base) {
    (void)size;
    *(uintptr_t *)base = info->dlpi_addr;
    return 1;
}

/* The functions of that allocator, by their names in the program's own table; a stripped program has none. */
static void find_allocator(void) {
    int fd = open("/proc/self/exe", O_RDONLY);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) return;
    char *all = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (all == MAP_FAILED) return;
    uintptr_t base = 0;
    dl_iterate_phdr(first_object, &base);
    Elf64_Ehdr *head = (Elf64_Ehdr *)all;
    Elf64_Shdr *sections = (Elf64_Shdr *)(all + head->e_shoff);
    for (int i = 0; i < head->e_shnum; i++) {
        if (sections[i].sh_type != SHT_SYMTAB) continue;
        Elf64_Sym *symbols = (Elf64_Sym *)(all + sections[i].sh_offset);
        char *names = all + sections[sections[i].sh_link].sh_offset;
        for (size_t s = 0; s < sections[i].sh_size / sizeof *symbols; s++) {
            char *name = names + symbols[s].st_name;
            if (ELF64_ST_TYPE(symbols[s].st_info) != STT_FUNC || range_count == RANGES) continue;
            if (strcmp(name, "sqlite3MemMalloc") != 0 && strcmp(name, "sqlite3MemRealloc") != 0) continue;
            ranges[range_count].from = base + symbols[s].st_value;
            ranges[range_count].to = base + symbols[s].st_value + symbols[s].st_size;
            range_count++;
        }
    }
    munmap(all, (size_t)st.st_size);
}

__attribute__((constructor)) static void begin(void) {
    const char *files = getenv("REDRESS_FAULT_FILES"), *told = getenv("REDRESS_FAULT_ORDERS");
    if (!files || !told) return;
    snprintf(folder, sizeof folder, "%s", files);
    int fd = open(told, O_RDWR);
    if (fd < 0) return;
    void *at = mmap(NULL, sizeof(struct orders), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (at == MAP_FAILED) return;
    find_allocator();
    folder_length = strlen(folder);
    atomic_store(&((struct orders *)at)->ranges, (uint64_t)range_count);
    orders = at;
}
