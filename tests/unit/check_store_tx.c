/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/*
 * Transactions of a store on real files.  Faults of the disk are made by
 * defining fdatasync, ftruncate and the like here: the loader then gives them
 * to the database library too.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "core/store/query.h"
#include "tests/unit/store_fixture.h"

/* ---- a disk that fails at the n-th call ---- */

enum fault { FAULT_NONE, FAULT_SYNC, FAULT_TRUNCATE, FAULT_WRITE };
static enum fault fault;
static int fault_at; /* 0: this call fails, and all after it if sticky */
static bool fault_stays;
static int fault_errno;
static int fault_calls;

static bool fails(enum fault kind)
{
    bool now;

    if (fault != kind)
        return false;
    now = fault_stays ? fault_calls >= fault_at : fault_calls == fault_at;
    fault_calls++;
    if (now)
        errno = fault_errno;
    return now;
}

int fdatasync(int fd)
{
    return fails(FAULT_SYNC) ? -1 : (int)syscall(SYS_fdatasync, fd);
}
int fsync(int fd)
{
    return fails(FAULT_SYNC) ? -1 : (int)syscall(SYS_fsync, fd);
}
int ftruncate(int fd, off_t n)
{
    return fails(FAULT_TRUNCATE) ? -1 : (int)syscall(SYS_ftruncate, fd, n);
}
int ftruncate64(int fd, off_t n)
{
    return ftruncate(fd, n);
}
ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    return fails(FAULT_WRITE) ? -1 : syscall(SYS_pwrite64, fd, p, n, at);
}
ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
    return pwrite(fd, p, n, at);
}

static void set_fault(enum fault kind, int at, bool stays, int number)
{
    fault_calls = 0;
    fault_at = at;
    fault_stays = stays;
    fault_errno = number;
    fault = kind;
}

/* ---- time that passes only while somebody sleeps ---- */

static bool time_stands;
static int64_t slept_ns;
int clock_gettime(clockid_t which, struct timespec *out)
{
    if (!time_stands)
        return (int)syscall(SYS_clock_gettime, which, out);
    *out = (struct timespec){slept_ns / 1000000000, slept_ns % 1000000000};
    return 0;
}
int nanosleep(const struct timespec *want, struct timespec *left)
{
    if (!time_stands)
        return (int)syscall(SYS_nanosleep, want, left);
    slept_ns += want->tv_sec * 1000000000LL + want->tv_nsec;
    return 0;
}

/* ---- transactions ---- */

START_TEST(committed_is_there_after_opening_again)
{
    commit_log(0);
    commit_log(1);
    close_vault();
    ck_ok(open_vault());
    ck_assert_uint_eq(count_log(), 2);
    ck_ok(mk_store_check(v.st, &diag));
}
END_TEST

START_TEST(rollback_and_close_leave_nothing)
{
    commit_log(0);
    ck_ok(mk_store_begin_write(v.st, &diag));
    ck_assert(mk_store_in_write(v.st));
    ck_ok(append_log(v.st, 1));
    mk_store_rollback(v.st);
    ck_assert(!mk_store_in_write(v.st));
    mk_store_rollback(v.st);
    ck_assert_uint_eq(count_log(), 1);
    ck_ok(mk_store_begin_write(v.st, &diag));
    ck_ok(append_log(v.st, 1));
    close_vault();
    ck_ok(open_vault());
    ck_assert_uint_eq(count_log(), 1);
}
END_TEST

START_TEST(nothing_runs_outside_its_transaction)
{
    uint64_t tail;

    ck_refused(mk_tail_get(v.st, &tail, &diag), MK_E_INTERNAL);
    ck_refused(mk_tail_set(v.st, 1, &diag), MK_E_INTERNAL);
    ck_refused(mk_store_commit(v.st, &diag), MK_E_INTERNAL);
    ck_ok(mk_store_begin_read(v.st, &diag));
    ck_refused(mk_tail_set(v.st, 1, &diag), MK_E_INTERNAL);
    ck_refused(mk_store_begin_write(v.st, &diag), MK_E_INTERNAL);
    ck_ok(mk_tail_get(v.st, &tail, &diag));
    mk_store_rollback(v.st);
}
END_TEST

/* One writer of many: commits with the tail he finds. */
static int write_beside_others(int commits)
{
    uint64_t tail;

    if (open_vault() != MK_OK)
        return 1;
    for (int i = 0; i < commits; i++)
        if (mk_store_begin_write(v.st, &diag) != MK_OK ||
            mk_tail_get(v.st, &tail, &diag) != MK_OK ||
            append_log(v.st, tail) != MK_OK ||
            mk_store_commit(v.st, &diag) != MK_OK) {
            (void)fprintf(stderr, "%s %s\n", mk_err_name(diag.err),
                          diag.place);
            return 1;
        }
    mk_store_close(v.st);
    return 0;
}

START_TEST(eight_writers_of_fifty_commits_are_all_there)
{
    pid_t pids[8];
    int status;

    close_vault();
    for (int i = 0; i < 8; i++) {
        pids[i] = fork();
        ck_assert_int_ge(pids[i], 0);
        if (pids[i] == 0)
            _exit(write_beside_others(50));
    }
    for (int i = 0; i < 8; i++) {
        ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
        ck_assert_int_eq(status, 0);
    }
    ck_ok(open_vault());
    ck_assert_uint_eq(count_log(), 400);
    ck_ok(mk_store_check(v.st, &diag));
}
END_TEST

START_TEST(snapshot_of_a_reader_does_not_move)
{
    uint64_t before, after;
    int status;
    pid_t pid;

    close_vault();
    pid = fork();
    if (pid == 0) {
        (void)usleep(200000);
        _exit(write_beside_others(1));
    }
    ck_ok(open_vault());
    ck_ok(mk_store_begin_read(v.st, &diag));
    ck_ok(mk_tail_get(v.st, &before, &diag));
    (void)usleep(500000);
    ck_ok(mk_tail_get(v.st, &after, &diag));
    ck_assert_uint_eq(before, after);
    mk_store_rollback(v.st);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    ck_assert_uint_eq(count_log(), before + 1);
}
END_TEST

/* Says on the pipe how many commits came back; until it is killed. */
static void commit_for_ever(int out)
{
    uint64_t tail = 0;

    if (open_vault() != MK_OK || mk_store_begin_read(v.st, &diag) != MK_OK ||
        mk_tail_get(v.st, &tail, &diag) != MK_OK)
        _exit(1);
    mk_store_rollback(v.st);
    for (;;) {
        if (mk_store_begin_write(v.st, &diag) != MK_OK)
            _exit(1);
        for (uint64_t end = tail + 7; tail < end; tail++)
            if (append_log(v.st, tail) != MK_OK)
                _exit(1);
        if (mk_store_commit(v.st, &diag) != MK_OK ||
            write(out, &tail, sizeof(tail)) != sizeof(tail))
            _exit(1);
    }
}

START_TEST(killed_writer_loses_no_commit_and_leaves_no_half)
{
    uint64_t said = 0, found, got;
    int ends[2], status;
    pid_t pid;

    close_vault();
    for (int round = 0; round < 25; round++) {
        ck_assert_int_eq(pipe(ends), 0);
        pid = fork();
        ck_assert_int_ge(pid, 0);
        if (pid == 0) {
            (void)close(ends[0]);
            commit_for_ever(ends[1]);
        }
        (void)close(ends[1]);
        /* every other one is let come so far, however busy the machine is */
        if (round % 2 == 0) {
            ck_assert_int_eq(read(ends[0], &got, sizeof(got)), sizeof(got));
            said = got;
        }
        (void)usleep(8000 + (unsigned)(rand() % 20000));
        ck_assert_int_eq(kill(pid, SIGKILL), 0);
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        ck_assert(WIFSIGNALED(status));
        while (read(ends[0], &got, sizeof(got)) == sizeof(got))
            said = got;
        (void)close(ends[0]);
        ck_ok(open_vault());
        found = count_log();
        ck_assert_uint_ge(found, said);
        ck_assert_uint_le(found, said + 7);
        ck_assert_uint_eq(found % 7, 0);
        ck_ok(mk_store_check(v.st, &diag));
        close_vault();
        said = found; /* killed between the commit and the word of it */
    }
    ck_assert_uint_gt(said, 0);
}
END_TEST

/* ---- disks that fail ---- */

struct disk {
    enum fault kind;
    bool stays;
    int number;
};
static const struct disk disks[] = {
    {FAULT_SYNC, false, EIO},     {FAULT_SYNC, true, EIO},
    {FAULT_TRUNCATE, false, EIO}, {FAULT_TRUNCATE, true, EIO},
    {FAULT_WRITE, false, EIO},    {FAULT_WRITE, true, EIO},
    {FAULT_WRITE, false, ENOSPC}, {FAULT_WRITE, true, ENOSPC},
};

/*
 * What commit says is true: done is there, failed is not, and only "unknown"
 * may be either.  The n-th call of each kind fails, until none is left.
 */
START_TEST(failing_disk_never_makes_commit_lie)
{
    const struct disk *disk = &disks[_i];
    unsigned failed = 0, unknown = 0;
    uint64_t before = 0;
    int at;

    for (at = 0; at < 200; at++) {
        uint64_t after;
        enum mk_err rc;
        bool hit;

        ck_ok(mk_store_begin_write(v.st, &diag));
        set_fault(disk->kind, at, disk->stays, disk->number);
        rc = append_log(v.st, before);
        if (rc == MK_OK)
            rc = mk_store_commit(v.st, &diag);
        mk_store_rollback(v.st);
        hit = fault_calls > at;
        set_fault(FAULT_NONE, 0, false, 0);
        close_vault();
        ck_ok(open_vault());
        after = count_log();
        if (rc == MK_OK)
            ck_assert_uint_eq(after, before + 1);
        else if (rc == MK_E_UNKNOWN_OUTCOME)
            unknown++;
        else
            ck_assert_msg(after == before, "%s at call %d, yet it is there",
                          mk_err_name(rc), at);
        if (rc != MK_OK && rc != MK_E_UNKNOWN_OUTCOME)
            ck_assert_msg(rc ==
                              (disk->number == EIO ? MK_E_IO : MK_E_DISK_FULL),
                          "%s at call %d", mk_err_name(rc), at);
        failed += rc != MK_OK;
        before = after;
        if (!hit)
            break;
    }
    ck_assert_int_lt(at, 200);
    ck_assert_uint_gt(failed, 0);
    /* the sync after the truncation; while all syncs fail, also the one
     * before: the journal cannot be played back to find out */
    ck_assert_uint_le(unknown, disk->stays ? 2 : 1);
    ck_ok(mk_store_check(v.st, &diag));
}
END_TEST

/* A mount of our own, seen by this process only. */
static bool can_mount(void)
{
    int status = 1;
    pid_t pid = fork();

    if (pid == 0)
        _exit(unshare(CLONE_NEWNS) == 0 &&
                      mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
                  ? 0
                  : 1);
    return waitpid(pid, &status, 0) == pid && status == 0;
}

static void mount_here(const char *type, unsigned long flags, const char *data)
{
    ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
    ck_assert_int_eq(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
    ck_assert_int_eq(
        mount(type ? type : v.path, v.path, type, type ? 0 : MS_BIND, data),
        0);
    if (flags)
        ck_assert_int_eq(
            mount(NULL, v.path, NULL, MS_REMOUNT | MS_BIND | flags, NULL), 0);
    (void)close(v.dir);
    ck_ok(mk_dir_open(&v.dir, v.path, &diag));
}

START_TEST(read_only_file_system_is_refused)
{
    close_vault();
    mount_here(NULL, MS_RDONLY, NULL);
    ck_refused(open_vault(), MK_E_READ_ONLY);
    ck_refused(mk_store_create(&v.st, v.dir, v.path, v.dbk, &diag),
               MK_E_READ_ONLY);
    (void)close(v.dir);
    ck_assert_int_eq(umount(v.path), 0);
    ck_ok(mk_dir_open(&v.dir, v.path, &diag));
}
END_TEST

START_TEST(full_disk_loses_nothing_that_was_committed)
{
    static const uint8_t big[500000];
    uint64_t n = 0;
    enum mk_err rc = MK_OK;

    close_vault();
    mount_here("tmpfs", 0, "size=400k,mode=0700");
    ck_ok(mk_store_create(&v.st, v.dir, v.path, v.dbk, &diag));
    while (rc == MK_OK && n < 10000) {
        ck_ok(mk_store_begin_write(v.st, &diag));
        rc = append_log(v.st, n);
        if (rc == MK_OK)
            rc = mk_store_commit(v.st, &diag);
        mk_store_rollback(v.st);
        n += rc == MK_OK;
    }
    ck_refused(rc, MK_E_DISK_FULL);
    ck_assert_uint_eq(count_log(), n);
    close_vault();
    ck_ok(open_vault());
    ck_assert_uint_eq(count_log(), n);
    ck_ok(mk_store_check(v.st, &diag));
    ck_refused(mk_file_write(v.dir, "big", big, sizeof(big), &diag),
               MK_E_DISK_FULL);
    close_vault();
    (void)close(v.dir);
    ck_assert_int_eq(umount2(v.path, MNT_DETACH), 0);
    ck_ok(mk_dir_open(&v.dir, v.path, &diag));
}
END_TEST

/* As an ordinary user who may lock no memory, in a folder he cannot write. */
START_TEST(ordinary_user_without_lockable_memory)
{
    struct rlimit no_lock = {0, 0};
    int status;
    pid_t pid;

    close_vault();
    if (geteuid() == 0) {
        ck_assert_int_eq(chown(v.path, 65534, 65534), 0);
        ck_assert_int_eq(fchownat(v.dir, "vault.db", 65534, 65534, 0), 0);
        (void)unlinkat(v.dir, "vault.db-journal", 0);
        (void)unlinkat(v.dir, "vault.lock", 0);
    }
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(2);
        if (setrlimit(RLIMIT_MEMLOCK, &no_lock) != 0)
            _exit(3);
        if (open_vault() != MK_OK)
            _exit(4);
        commit_log(0);
        close_vault();
        if (chmod(v.path, 0500) != 0 || open_vault() != MK_E_READ_ONLY)
            _exit(5);
        if (chmod(v.path, 0700) != 0 ||
            fchmodat(v.dir, "vault.db", 0400, 0) != 0 ||
            open_vault() != MK_E_READ_ONLY)
            _exit(6);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    if (geteuid() == 0)
        ck_assert_int_eq(chown(v.path, 0, 0), 0);
}
END_TEST

/* What goes wrong with a file, its folder and its disk. */
/* It changes the key of the file, say, and the machine sleeps. */
START_TEST(who_waits_for_another_gives_up_after_a_minute)
{
    int other = openat(v.dir, MK_STORE_LOCK, O_RDWR | O_CLOEXEC);

    ck_assert_int_ge(other, 0);
    ck_ok(mk_lock_take(other, MK_STORE_LOCK, MK_LOCK_ALONE, 0, &diag));
    time_stands = true;
    ck_refused(mk_store_begin_write(v.st, &diag), MK_E_BUSY);
    time_stands = false;
    ck_assert_int_ge(slept_ns / 1000000, MK_STORE_BUSY_MS);
    ck_assert_int_lt(slept_ns / 1000000, MK_STORE_BUSY_MS + 1000);
    close(other);
    commit_log(0);
}
END_TEST

static void add_file_tests(TCase *work)
{
    tcase_add_test(work, who_waits_for_another_gives_up_after_a_minute);
    tcase_add_test(work, killed_writer_loses_no_commit_and_leaves_no_half);
    tcase_add_loop_test(work, failing_disk_never_makes_commit_lie, 0,
                        (int)(sizeof(disks) / sizeof(*disks)));
    tcase_add_test(work, ordinary_user_without_lockable_memory);
    if (can_mount()) {
        tcase_add_test(work, read_only_file_system_is_refused);
        tcase_add_test(work, full_disk_loses_nothing_that_was_committed);
    } else {
        skip(work, "read_only_file_system_is_refused # SKIP cannot mount");
        skip(work, "full_disk_loses_nothing_that_was_committed"
                   " # SKIP cannot mount");
    }
}

int main(void)
{
    Suite *suite = suite_create("store_tx");
    TCase *work = tcase_create("transactions");

    tcase_set_timeout(work, 120); /* syncs are slow on a busy machine */
    tcase_add_checked_fixture(work, make_vault, remove_folder);
    tcase_add_test(work, committed_is_there_after_opening_again);
    tcase_add_test(work, rollback_and_close_leave_nothing);
    tcase_add_test(work, nothing_runs_outside_its_transaction);
    tcase_add_test(work, eight_writers_of_fifty_commits_are_all_there);
    tcase_add_test(work, snapshot_of_a_reader_does_not_move);
    if (!on_server())
        add_file_tests(work);
    suite_add_tcase(suite, work);
    return run_suite(suite);
}
