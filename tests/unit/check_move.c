/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vault goes from one folder to another: what travels, who is kept out, and
 * what each cut leaves. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/move_impl.h"
#include "core/store/file.h"
#include "tests/support/unit.h"
#include "tests/support/vault.h"

#define CUT 77 /* status of a process that ended at a call */

static struct vault_fixture f;
static struct mk_where to;
static char place[96];
static struct mk_diag diag;
static struct mk_move_report report;
static const struct mk_access own = {.purpose = 0};
static const struct mk_access dry = {.dry_run = true};

#define ck_ok(call)                                                           \
    do {                                                                      \
        enum mk_err got_ = (call);                                            \
        ck_assert_msg(got_ == MK_OK, "%s: %s %s %lld", #call,                 \
                      mk_err_name(got_), diag.place, (long long)diag.num[0]); \
    } while (0)

/* ---- calls at which a process ends ---- */

static long cut_at = -1; /* calls left; -1: never */

static void step(void)
{
    if (cut_at == 0)
        _exit(CUT);
    if (cut_at > 0)
        cut_at--;
}

/* what was written is there after the end of a process, synced or not */
int fdatasync(int fd)
{
    (void)fd;
    step();
    return 0;
}
int fsync(int fd)
{
    (void)fd;
    step();
    return 0;
}
int renameat(int from, const char *a, int into, const char *b)
{
    step();
    return (int)syscall(SYS_renameat2, from, a, into, b, 0);
}
int rename(const char *a, const char *b)
{
    step();
    return (int)syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, 0);
}
int unlinkat(int dir, const char *name, int flags)
{
    step();
    return (int)syscall(SYS_unlinkat, dir, name, flags);
}

/* ---- the two places ---- */

static void setup(void)
{
    vault_setup(&f);
    snprintf(place, sizeof place, "%s/elders", f.dir);
    to = f.where;
    to.vault = place;
    cut_at = -1;
}

static void teardown(void)
{
    vault_teardown(&f);
}

static struct mk_vault *as_at(const struct mk_where *where, const char *name)
{
    struct mk_vault *v = NULL;
    struct mk_secret *phrase = vault_passphrase(name);

    ck_ok(mk_vault_open(&v, where, &diag));
    ck_ok(mk_vault_unlock(v, name, phrase, &diag));
    mk_secret_free(phrase);
    return v;
}

/* The one who moves it. */
static struct mk_vault *mover(const char *name)
{
    struct mk_where where = f.where;

    where.moved = true;
    return as_at(&where, name);
}

static enum mk_err move_it(void)
{
    struct mk_vault *v = mover("bewaarder1");
    enum mk_err rc = mk_move(v, &own, &to, &report, &diag);

    mk_vault_close(v);
    return rc;
}

static enum mk_err move_back(void)
{
    struct mk_vault *v = mover("bewaarder1");
    enum mk_err rc = mk_move_back(v, &to, &diag);

    mk_vault_close(v);
    return rc;
}

static enum mk_err open_at(const struct mk_where *where)
{
    struct mk_vault *v = NULL;
    enum mk_err rc = mk_vault_open(&v, where, &diag);

    mk_vault_close(v);
    return rc;
}

/* The half copy beside the place, which nobody leaves who is not killed. */
static bool has_scratch(void)
{
    struct dirent *entry;
    DIR *d = opendir(f.dir);
    bool found = false;

    ck_assert_ptr_nonnull(d);
    while ((entry = readdir(d)) != NULL)
        found |= strstr(entry->d_name, ".verhuis-") != NULL;
    closedir(d);
    return found;
}

/* Where one can work: never at two places. */
static bool lives(const struct mk_where *where)
{
    struct mk_vault *v = NULL;
    enum mk_err rc = mk_vault_open(&v, where, &diag);

    mk_vault_close(v);
    ck_assert(rc == MK_OK || rc == MK_E_MOVED || rc == MK_E_NOT_FOUND);
    return rc == MK_OK;
}

static void fill(void)
{
    struct mk_vault *v = as_at(&f.where, "inspecteur1");
    struct mk_dossier_ref ref;

    for (int i = 0; i < 3; i++) {
        ref = vault_intake(v, "2020-03-02");
        vault_classify(v, &ref, i != 0);
    }
    mk_vault_close(v);
}

static uint64_t verified(const struct mk_where *where, const char *name)
{
    struct mk_vault *v = as_at(where, name);
    uint64_t size;

    ck_ok(vault_verify(v, NULL, &diag));
    size = v->head.log_size;
    mk_vault_close(v);
    return size;
}

/* Bytes of a document at a place; none: empty. */
static void document(struct mk_buf *out, const struct mk_where *where,
                     const char *name)
{
    struct mk_docs docs;
    enum mk_err rc;

    ck_ok(mk_docs_folder(&docs, where->vault, &diag));
    rc = mk_docs_read(&docs, name, (size_t)1 << 20, out, &diag);
    ck_assert(rc == MK_OK || rc == MK_E_NOT_FOUND);
    mk_docs_close(&docs);
}

static bool same_document(const char *name)
{
    struct mk_buf a = MK_BUF_INIT;
    struct mk_buf b = MK_BUF_INIT;
    bool same;

    document(&a, &f.where, name);
    document(&b, &to, name);
    same = a.len == b.len &&
           (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
    mk_buf_release(&a);
    mk_buf_release(&b);
    return same;
}

/* ---- what travels ---- */

START_TEST(everything_is_there_and_people_work_on)
{
    struct mk_vault *v;

    fill();
    ck_ok(move_it());
    ck_assert(!report.there && !report.ahead);
    ck_assert_uint_eq(report.dossiers, 3);
    ck_assert_uint_gt(report.rows, report.log_size);
    ck_assert_uint_eq(report.documents, 2); /* keyring, retention */
    ck_assert(same_document(MK_KEYRING_FILE));
    ck_assert(same_document(MK_RETENTION_FILE));
    ck_assert_int_eq(open_at(&f.where), MK_E_MOVED);
    ck_assert_str_eq(diag.place, place);
    ck_assert(!has_scratch());
    /* no mark of theirs is in the way: it is the same vault */
    v = as_at(&to, "inspecteur1");
    ck_assert(!mk_vault_first_use(v));
    (void)vault_intake(v, "2020-05-02");
    mk_vault_close(v);
    (void)verified(&to, "auditor1");
}
END_TEST

START_TEST(the_other_documents_come_along)
{
    struct mk_docs docs;
    struct mk_docs below;

    ck_ok(mk_docs_folder(&docs, f.vault, &diag));
    ck_ok(
        mk_docs_write(&docs, MK_FAILED_FILE, "MKF1\0\0\0\0\0\0\0", 12, &diag));
    ck_ok(mk_docs_below(&below, &docs, MK_CHECKPOINTS_FOLDER, true, &diag));
    ck_ok(mk_docs_write(&below, "7", "een checkpoint", 14, &diag));
    ck_ok(mk_docs_write(&below, "7.1.tsr", "een stempel", 11, &diag));
    ck_ok(mk_docs_write(&below, "iets anders", "x", 1, &diag));
    mk_docs_close(&below);
    mk_docs_close(&docs);
    ck_ok(move_it());
    ck_assert_uint_eq(report.documents, 5);
    ck_assert(same_document(MK_CHECKPOINTS_FOLDER "/7"));
    ck_assert(same_document(MK_CHECKPOINTS_FOLDER "/7.1.tsr"));
    ck_assert(!same_document(MK_CHECKPOINTS_FOLDER "/iets anders"));
}
END_TEST

/* Which of them is wanted where people work from then on is known by its path. */
START_TEST(keys_that_lie_outside_stay_there)
{
    struct mk_key_places keys = {.n = 2};
    struct mk_vault *v;
    struct mk_docs docs;
    char away[MK_KEY_PLACE + 8];

    for (size_t i = 0; i < keys.n; i++) {
        snprintf(keys.path[i], sizeof keys.path[i], "%s/sleutels%zu", f.dir,
                 i);
        ck_ok(mk_dir_make(keys.path[i], &diag));
    }
    fill();
    v = as_at(&f.where, "bewaarder1");
    ck_ok(mk_key_places_set(v, &own, &keys, &diag));
    mk_vault_close(v);
    /* what a move of the keys that was cut off left behind is not theirs */
    ck_ok(mk_docs_folder(&docs, f.vault, &diag));
    ck_ok(mk_docs_write(&docs, MK_RETENTION_FILE, "rest", 4, &diag));
    mk_docs_close(&docs);
    snprintf(away, sizeof away, "%s.weg", keys.path[1]);
    ck_assert_int_eq(rename(keys.path[1], away), 0);
    ck_assert_int_eq(move_it(), MK_E_KEY_GONE);
    ck_assert(lives(&f.where));
    ck_assert_int_eq(rename(away, keys.path[1]), 0);
    ck_ok(move_it());
    ck_assert(same_document(MK_PLACES_FILE));
    ck_assert(!same_document(MK_RETENTION_FILE));
    v = as_at(&to, "inspecteur1");
    (void)vault_intake(v, "2020-05-02");
    mk_vault_close(v);
    (void)verified(&to, "inspecteur2");
}
END_TEST

START_TEST(a_rehearsal_proves_and_changes_nothing)
{
    struct mk_vault *v;

    fill();
    v = mover("bewaarder1");
    ck_ok(mk_move(v, &dry, &to, &report, &diag));
    mk_vault_close(v);
    ck_assert_uint_eq(report.dossiers, 3);
    ck_assert(lives(&f.where) && !lives(&to) && !has_scratch());
}
END_TEST

static void ck_unreadable(const struct mk_docs *docs)
{
    const struct mk_moved nothing = {.there = true};
    struct mk_moved m;

    ck_ok(mk_moved_load(docs, &m, &diag));
    ck_assert(m.there && !mk_moved_readable(&m));
    ck_assert_mem_eq(&m.store, &nothing.store, sizeof m.store);
    ck_assert_mem_eq(&m.sig, &nothing.sig, sizeof m.sig);
    ck_assert(!m.done && m.log_size == 0 && m.time_ms == 0);
    ck_assert_int_eq(mk_moved_judge(docs, -1, &m), MK_MOVED_DOUBT);
}

/* Each byte of `moved` counts, and none of it is guessed. */
START_TEST(what_the_document_says_is_read_back)
{
    struct mk_moved m = {.log_size = 12, .time_ms = 1700000000000};
    struct mk_moved same;
    struct mk_vault *v = mover("bewaarder1");
    struct mk_docs docs;
    struct mk_buf text = MK_BUF_INIT;

    memset(m.store, 0xa5, sizeof m.store);
    memset(m.head, 0x5a, sizeof m.head);
    snprintf(m.to, sizeof m.to, "postgresql://een@/kluis?host=/a b");
    ck_ok(mk_docs_folder(&docs, f.vault, &diag));
    ck_ok(mk_moved_load(&docs, &same, &diag));
    ck_assert(!same.there);
    ck_ok(mk_moved_save(v, &m, &diag));
    mk_vault_close(v);
    ck_ok(mk_moved_load(&docs, &same, &diag));
    m.there = true;
    ck_assert(!same.done && same.there && same.log_size == 12);
    ck_assert_str_eq(same.to, m.to);
    ck_assert_mem_eq(same.store, m.store, sizeof m.store);
    ck_assert_mem_eq(same.head, m.head, sizeof m.head);
    ck_assert_int_eq(same.time_ms, m.time_ms);
    ck_ok(mk_docs_read(&docs, MK_MOVED_FILE, 4096, &text, &diag));
    for (size_t n = 1; n < text.len; n++) { /* cut short anywhere */
        ck_ok(mk_docs_write(&docs, MK_MOVED_FILE, text.data, n, &diag));
        ck_unreadable(&docs);
    }
    /* shut all the same */
    ck_assert_int_eq(open_at(&f.where), MK_E_MOVED_DOUBT);
    ck_ok(mk_buf_add_u8(&text, 'x'));
    ck_ok(mk_docs_write(&docs, MK_MOVED_FILE, text.data, text.len, &diag));
    ck_unreadable(&docs);
    mk_buf_release(&text);
    mk_docs_close(&docs);
}
END_TEST

/* ---- who is kept out ---- */

START_TEST(only_a_custodian_moves_it)
{
    struct mk_vault *v = mover("inspecteur1");

    ck_assert_int_eq(mk_move(v, &own, &to, &report, &diag), MK_E_NO_ROLE);
    ck_assert_int_eq(mk_move_back(v, &to, &diag), MK_E_NO_ROLE);
    mk_vault_close(v);
    ck_assert(lives(&f.where) && !lives(&to));
}
END_TEST

/* Who had it open before it was shut writes and reads nothing there. */
START_TEST(who_is_at_work_is_told_where_to_go)
{
    struct mk_vault *v = as_at(&f.where, "inspecteur1");
    struct mk_dossier_ref ref = vault_intake(v, "2020-03-02");
    struct mk_event e;

    ck_ok(move_it());
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "een notitie", NULL);
    ck_assert_int_eq(vault_do(v, &ref, &e), MK_E_MOVED);
    ck_assert_int_eq(mk_vault_refresh(v, &diag), MK_E_MOVED);
    ck_assert_str_eq(diag.place, place);
    mk_vault_close(v);
}
END_TEST

START_TEST(what_stands_at_the_place_already_is_left_alone)
{
    struct mk_docs docs;
    struct mk_where same = f.where;

    /* the vault itself, and a copy that somebody made of it by hand */
    struct mk_vault *v = mover("bewaarder1");
    ck_assert_int_eq(mk_move(v, &own, &same, &report, &diag), MK_E_MOVE_OTHER);
    vault_copy(f.vault, place);
    ck_assert_int_eq(mk_move(v, &own, &to, &report, &diag), MK_E_MOVE_OTHER);
    mk_vault_close(v);
    ck_assert(lives(&f.where));
    /* anything else */
    ck_ok(mk_docs_folder(&docs, place, &diag));
    ck_ok(mk_docs_remove(&docs, MK_KEYRING_FILE, &diag));
    mk_docs_close(&docs);
    ck_assert_int_eq(move_it(), MK_E_MOVE_OTHER);
    ck_assert(lives(&f.where) && !has_scratch());
}
END_TEST

START_TEST(two_do_not_move_it_to_one_place_at_once)
{
    struct mk_vault *v = mover("bewaarder2");
    struct mk_target t;

    ck_ok(mk_target_lock(&t, v, &to, &diag));
    ck_assert_int_eq(move_it(), MK_E_BUSY);
    ck_assert(lives(&f.where));
    mk_target_release(&t);
    mk_vault_close(v);
    ck_ok(move_it());
}
END_TEST

/* ---- who says that it moved ---- */

/* `moved` as name would write it who may write at the place; change it then. */
static void forge(const char *name, const char *from, const char *into)
{
    struct mk_vault *v = mover(name);
    struct mk_moved m = {.there = true, .time_ms = 1};
    struct mk_buf text = MK_BUF_INIT;
    char *at;

    memcpy(m.store, v->head.store, MK_ID);
    memcpy(m.head, v->head_hash, MK_HASH);
    m.log_size = v->head.log_size;
    snprintf(m.to, sizeof m.to, "postgresql://kwaad.example/kluis");
    ck_ok(mk_moved_save(v, &m, &diag));
    ck_ok(mk_docs_read(&v->docs, MK_MOVED_FILE, 4096, &text, &diag));
    at = memmem(text.data, text.len, from, strlen(from));
    ck_assert_ptr_nonnull(at);
    memcpy(at, into, strlen(into));
    ck_ok(mk_docs_write(&v->docs, MK_MOVED_FILE, text.data, text.len, &diag));
    mk_buf_release(&text);
    mk_vault_close(v);
}

static enum mk_moved_proof proof(const struct mk_where *where)
{
    struct mk_moved m;

    ck_ok(mk_moved_read(where, &m, &diag));
    ck_assert(m.there);
    return m.proof;
}

START_TEST(what_a_custodian_signed_is_proven_and_nothing_else)
{
    const char *same = "kwaad.example";
    struct mk_where fresh = f.where;
    char nobody[160];

    mk_vault_close(as_at(&f.where, "bewaarder1")); /* so it has a mark */
    forge("bewaarder1", same, same);
    ck_assert_int_eq(proof(&f.where), MK_MOVED_PROVEN);
    ck_assert_int_eq(open_at(&f.where), MK_E_MOVED);
    ck_assert_str_eq(diag.place, "postgresql://kwaad.example/kluis");
    /* an account that saw nothing yet cannot know whose custodian it was */
    snprintf(nobody, sizeof nobody, "%s/nieuw", f.dir);
    fresh.state = nobody;
    ck_assert_int_eq(proof(&fresh), MK_MOVED_SIGNED);
    forge("bewaarder1", same, "ander.example");
    ck_assert_int_eq(proof(&f.where), MK_MOVED_DOUBT);
    ck_assert_int_eq(proof(&fresh), MK_MOVED_DOUBT);
    ck_assert_int_eq(open_at(&f.where), MK_E_MOVED_DOUBT);
    forge("inspecteur1", same, same);
    ck_assert_int_eq(proof(&f.where), MK_MOVED_DOUBT);
}
END_TEST

START_TEST(what_nobody_signed_is_dismissed_without_going_there)
{
    struct mk_vault *v;

    forge("inspecteur1", "kwaad", "kwaad");
    ck_assert_int_eq(move_it(), MK_E_MOVED_DOUBT);
    v = mover("inspecteur1");
    ck_assert_int_eq(mk_move_back(v, NULL, &diag), MK_E_NO_ROLE);
    mk_vault_close(v);
    v = mover("bewaarder1");
    ck_ok(mk_move_back(v, NULL, &diag));
    mk_vault_close(v);
    ck_assert(lives(&f.where));
    /* a true one is not dismissed so */
    forge("bewaarder1", "kwaad", "kwaad");
    v = mover("bewaarder1");
    ck_assert_int_eq(mk_move_back(v, NULL, &diag), MK_E_MOVED);
    mk_vault_close(v);
    ck_assert(!lives(&f.where));
}
END_TEST

/* Whoever may write it writes anything: that is no damage to repair, and keeps
 * nobody out for longer than a custodian needs to say so. */
START_TEST(what_nobody_can_read_is_dismissed_as_what_nobody_signed)
{
    static const char large[4096] = "meldkluis-moved: 2\n";
    const size_t sizes[] = {1, sizeof large};
    struct mk_vault *v;
    struct mk_docs docs;

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        ck_ok(mk_docs_folder(&docs, f.vault, &diag));
        ck_ok(mk_docs_write(&docs, MK_MOVED_FILE, large, sizes[i], &diag));
        mk_docs_close(&docs);
        ck_assert_int_eq(proof(&f.where), MK_MOVED_DOUBT);
        ck_assert_int_eq(open_at(&f.where), MK_E_MOVED_DOUBT);
        ck_assert_str_eq(diag.place, "an unreadable place");
        ck_assert_int_eq(move_it(), MK_E_MOVED_DOUBT);
        v = mover("inspecteur1");
        ck_assert_int_eq(mk_move_back(v, NULL, &diag), MK_E_NO_ROLE);
        mk_vault_close(v);
        v = mover("bewaarder1");
        ck_ok(mk_move_back(v, NULL, &diag));
        mk_vault_close(v);
        ck_assert(lives(&f.where));
    }
}
END_TEST

START_TEST(without_a_keyring_nobody_can_tell)
{
    char path[160];

    forge("bewaarder1", "kwaad", "kwaad");
    snprintf(path, sizeof path, "%s/keyring", f.vault);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(open_at(&f.where), MK_E_MOVED_UNCHECKED);
}
END_TEST

static const char *const urls[][2] = {
    {"postgresql://ilse@een,twee:5/kluis?sslmode=require",
     "postgresql://een,twee:5/kluis?sslmode=require"},
    {"postgresql://@/kluis?host=/a@b", "postgresql:///kluis?host=/a@b"},
    {"postgresql:///kluis?host=/a@b", "postgresql:///kluis?host=/a@b"},
    {"postgresql://een/kluis?user=ilse&sslmode=require",
     "postgresql://een/kluis?sslmode=require"},
    {"postgresql://een/kluis?sslmode=require&user=ilse",
     "postgresql://een/kluis?sslmode=require"},
    {"postgresql://een/kluis?user=ilse", "postgresql://een/kluis"},
};

START_TEST(name_of_a_user_stays_his_own)
{
    char out[MK_MOVE_PLACE];
    struct mk_server *some = (struct mk_server *)&f; /* is not looked into */
    struct mk_where far = {.server = some};

    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        far.vault = urls[i][0];
        ck_ok(mk_moved_place(out, &far, &diag));
        ck_assert_str_eq(out, urls[i][1]);
    }
}
END_TEST

/* ---- an end that did not come ---- */

/* Shut, and nothing more. */
static void begin_only(void)
{
    struct mk_vault *v = mover("bewaarder1");
    struct mk_moved m = {.there = true, .time_ms = 1};

    memcpy(m.store, v->head.store, MK_ID);
    memcpy(m.head, v->head_hash, MK_HASH);
    m.log_size = v->head.log_size;
    ck_ok(mk_moved_place(m.to, &to, &diag));
    ck_ok(mk_moved_save(v, &m, &diag));
    mk_vault_close(v);
}

START_TEST(a_move_that_did_not_end_is_taken_back)
{
    ck_assert_int_eq(move_back(), MK_E_NOT_MOVING);
    begin_only();
    ck_assert(!lives(&f.where));
    ck_ok(move_back());
    ck_assert(lives(&f.where) && !has_scratch());
    (void)verified(&f.where, "auditor1");
    ck_ok(move_it());
    ck_assert_int_eq(move_back(), MK_E_MOVE_DONE);
    ck_assert(!lives(&f.where) && lives(&to));
}
END_TEST

START_TEST(what_is_whole_at_the_place_is_not_taken_back)
{
    char kept[160];

    ck_ok(move_it());
    begin_only(); /* as if the last step had been cut off */
    ck_assert_int_eq(move_back(), MK_E_MOVE_DONE);
    ck_assert(!lives(&f.where));
    ck_ok(move_it());
    ck_assert(report.there && !report.ahead);
    /* somebody works there: it is the same vault, further on */
    begin_only();
    mk_vault_close(as_at(&to, "inspecteur1"));
    struct mk_vault *v = as_at(&to, "inspecteur1");
    (void)vault_intake(v, "2020-05-02");
    mk_vault_close(v);
    /* the mark of this account is ahead now: another one comes to finish */
    snprintf(kept, sizeof kept, "%s.weg", f.state);
    ck_assert_int_eq(rename(f.state, kept), 0);
    ck_ok(move_it());
    ck_assert(report.there && report.ahead);
    ck_assert(!lives(&f.where) && lives(&to));
}
END_TEST

/* What lies at the old place is old: it does not come to life elsewhere. */
START_TEST(what_moved_once_does_not_move_from_there_again)
{
    char gone[128];

    ck_ok(move_it());
    snprintf(gone, sizeof gone, "%s.weg", place);
    ck_assert_int_eq(rename(place, gone), 0);
    ck_assert_int_eq(move_it(), MK_E_MOVED);
    ck_assert(!lives(&f.where) && !lives(&to));
    to.vault = gone;
    ck_assert_int_eq(move_it(), MK_E_MOVED);
}
END_TEST

/* False: it came to its end before that many calls. */
static bool cut_move(long at)
{
    pid_t pid = fork();
    int status;

    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        struct mk_vault *v = mover("bewaarder1");

        cut_at = at;
        _exit(mk_move(v, &own, &to, &report, &diag) == MK_OK ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status));
    ck_assert(WEXITSTATUS(status) == CUT || WEXITSTATUS(status) == 0);
    return WEXITSTATUS(status) == CUT;
}

/* Ended before any of the calls that change something, there is one place to
 * work at or none, and the same call brings it to its end. */
START_TEST(cut_off_anywhere_it_is_finished)
{
    char vault[160];
    char state[160];
    const char *all = getenv("MK_LONG");
    const long stride = all != NULL && *all != '\0' ? 1 : 5;
    bool cut = true;

    fill();
    snprintf(vault, sizeof vault, "%s/was", f.dir);
    snprintf(state, sizeof state, "%s/stond", f.dir);
    vault_copy(f.vault, vault);
    vault_copy(f.state, state);
    for (long at = 0; cut; at += stride) {
        ck_assert_int_lt(at, 1000);
        cut = cut_move(at);
        ck_assert(!(lives(&f.where) && lives(&to)));
        ck_ok(move_it());
        ck_assert(!lives(&f.where) && lives(&to) && !has_scratch());
        ck_assert_uint_eq(report.dossiers, 3);
        (void)verified(&to, "auditor1");
        vault_copy("/dev/null", place);
        unlink(place);
        vault_copy(vault, f.vault);
        vault_copy(state, f.state);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("move");
    TCase *work = tcase_create("move");

    tcase_set_timeout(work, 300);
    tcase_add_checked_fixture(work, setup, teardown);
    tcase_add_test(work, everything_is_there_and_people_work_on);
    tcase_add_test(work, the_other_documents_come_along);
    tcase_add_test(work, keys_that_lie_outside_stay_there);
    tcase_add_test(work, what_the_document_says_is_read_back);
    tcase_add_test(work, a_rehearsal_proves_and_changes_nothing);
    tcase_add_test(work, only_a_custodian_moves_it);
    tcase_add_test(work, who_is_at_work_is_told_where_to_go);
    tcase_add_test(work, what_stands_at_the_place_already_is_left_alone);
    tcase_add_test(work, two_do_not_move_it_to_one_place_at_once);
    tcase_add_test(work, what_a_custodian_signed_is_proven_and_nothing_else);
    tcase_add_test(work, what_nobody_signed_is_dismissed_without_going_there);
    tcase_add_test(work,
                   what_nobody_can_read_is_dismissed_as_what_nobody_signed);
    tcase_add_test(work, without_a_keyring_nobody_can_tell);
    tcase_add_test(work, name_of_a_user_stays_his_own);
    tcase_add_test(work, a_move_that_did_not_end_is_taken_back);
    tcase_add_test(work, what_is_whole_at_the_place_is_not_taken_back);
    tcase_add_test(work, what_moved_once_does_not_move_from_there_again);
    tcase_add_test(work, cut_off_anywhere_it_is_finished);
    suite_add_tcase(suite, work);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
