/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/* A request that is repeated while the first command with it is not done yet:
 * two programs of one person, of which the slow one has looked the request up
 * when the fast one commits it. */
#include <string.h>

#include "core/access.h"
#include "tests/support/race.h"
#include "tests/support/unit.h"
#include "tests/support/vault.h"

static struct mk_access again = {.has_request = true, .request = {1, 2, 3}};
static struct vault_fixture f;
static struct mk_vault *slow, *fast;
static struct mk_dossier_ref ref; /* a classified dossier of two entries */
static uint64_t n_before;

static void set_up(void)
{
    vault_setup(&f);
}

static void take_down(void)
{
    vault_teardown(&f);
}

static void begin(void)
{
    slow = vault_as(&f, "inspecteur1");
    fast = vault_as(&f, "inspecteur1");
    ref = vault_intake(slow, "2026-03-01");
    vault_classify(slow, &ref, true);
    n_before = slow->head.n_dossiers;
}

/* The vault is fit, and has so many dossiers more. */
static void end(uint64_t more)
{
    struct mk_diag diag = MK_DIAG_INIT;

    ck_assert_int_eq(vault_verify(fast, NULL, &diag), MK_OK);
    ck_assert_uint_eq(fast->head.n_dossiers, n_before + more);
    mk_vault_close(slow);
    mk_vault_close(fast);
}

/* The write of one program, and of the other meanwhile. */
static struct mk_written by_slow, by_fast;

static void assert_repeated(uint32_t seq)
{
    ck_assert(race_was_run());
    ck_assert(!by_fast.repeated);
    ck_assert(by_slow.repeated);
    ck_assert_uint_eq(by_slow.seq, seq);
    ck_assert_uint_eq(by_slow.n_unseen, 0);
    ck_assert_mem_eq(by_slow.dossier, by_fast.dossier, MK_ID);
    ck_assert_mem_eq(by_slow.request, again.request, MK_ID);
}

static size_t events_of_it(void)
{
    struct mk_view view;
    size_t n;

    mk_view_init(&view);
    ck_assert_int_eq(
        mk_dossier_open(fast, &again, MK_AUDIT_SHOW, &ref, &view, NULL),
        MK_OK);
    n = view.c.n_events;
    mk_view_release(&view);
    return n;
}

static void take_report(struct mk_vault *v, struct mk_written *w)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_event e;

    vault_event(&e, MK_VERB_MELDING, "received", "2026-03-02", "channel",
                "TEL", "reporter", "OUD", NULL);
    ck_assert_int_eq(mk_report_new(v, &again, &e, NULL, w, &diag), MK_OK);
}

static void fast_takes_report(void)
{
    take_report(fast, &by_fast);
}

START_TEST(an_intake_at_the_same_moment_makes_one_dossier)
{
    begin();
    race_while(slow, false, fast_takes_report);
    take_report(slow, &by_slow);
    assert_repeated(1);
    end(1);
}
END_TEST

static void note(struct mk_vault *v, struct mk_written *w)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_event e;

    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Een keer.", NULL);
    ck_assert_int_eq(mk_dossier_event(v, &again, &ref, &e, w, &diag), MK_OK);
}

static void fast_notes(void)
{
    note(fast, &by_fast);
}

START_TEST(an_event_at_the_same_moment_is_written_once)
{
    begin();
    race_while(slow, true, fast_notes);
    note(slow, &by_slow);
    assert_repeated(0);
    ck_assert_uint_eq(events_of_it(), 3);
    end(0);
}
END_TEST

static void restrict_it(struct mk_vault *v, struct mk_written *w)
{
    static const char *const names[] = {"inspecteur1"};
    struct mk_diag diag = MK_DIAG_INIT;

    ck_assert_int_eq(mk_restrict(v, &again, &ref, names, 1, w, &diag), MK_OK);
}

static void fast_restricts(void)
{
    restrict_it(fast, &by_fast);
}

START_TEST(a_restriction_at_the_same_moment_is_written_once)
{
    begin();
    race_while(slow, true, fast_restricts);
    restrict_it(slow, &by_slow);
    assert_repeated(0);
    ck_assert_uint_eq(events_of_it(), 3);
    end(0);
}
END_TEST

/* --- import --- */

static enum mk_err more(void *ctx, void *p, size_t n, size_t *got)
{
    const char **text = ctx;

    *got = strlen(*text) < n ? strlen(*text) : n;
    memcpy(p, *text, *got);
    *text += *got;
    return MK_OK;
}

static enum mk_err no_report(void *ctx, const struct mk_diag *why,
                             bool warning, const void *raw, size_t n)
{
    (void)ctx;
    (void)why;
    (void)warning;
    (void)raw;
    (void)n;
    ck_abort();
}

static void import(struct mk_vault *v, struct mk_import_result *result)
{
    const char *text = "received,channel,reporter,sector,care_type,category,"
                       "accused,victim_minor,in_care,qualification,occurred\n"
                       "2019-01-05,TEL,OUD,KO,BSO,SM,MW,J,J,XIV,2019-01\n"
                       "2019-01-06,TEL,OUD,KO,BSO,SM,MW,J,J,XIV,2019-01\n";

    ck_assert_int_eq(mk_import(v, &again, more, &text, false, no_report, NULL,
                               result, NULL),
                     MK_OK);
}

static struct mk_import_result first, second;

static void fast_imports(void)
{
    import(fast, &first);
}

START_TEST(an_import_at_the_same_moment_is_done_once)
{
    begin();
    race_while(slow, true, fast_imports);
    import(slow, &second);
    ck_assert(race_was_run());
    ck_assert(!first.repeated);
    ck_assert_uint_eq(first.imported, 2);
    ck_assert(second.repeated);
    ck_assert_uint_eq(second.imported, 0);
    end(2);
}
END_TEST

/* --- refused for what the first command made of it --- */

/* The other program is done before this try opens the dossier. */
static enum mk_err refused(struct mk_vault *v, void *what, unsigned *tries,
                           struct mk_written *out, struct mk_diag *diag)
{
    const enum mk_err *why = what;

    (void)v;
    ck_assert_uint_eq(*tries, 0);
    fast_notes();
    out->seq = 7;
    return mk_fail(diag, *why, NULL);
}

START_TEST(what_the_first_made_impossible_was_done)
{
    static const struct {
        enum mk_err why;
        bool repeated;
    } rows[] = {
        {MK_E_WORKFLOW, true},  {MK_E_IS_OWN, true},
        {MK_E_NOT_OWN, true},   {MK_E_CHANGED, true},
        {MK_E_TAMPERED, false}, {MK_E_UNKNOWN_OUTCOME, false},
    };

    begin();
    fast_notes();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const uint8_t *dossier = by_fast.dossier;
        struct mk_written w = {.seq = 0};
        struct mk_diag diag = MK_DIAG_INIT;
        enum mk_err why = rows[i].why;
        enum mk_err told = rows[i].repeated ? MK_OK : why;
        uint8_t txid[MK_ID];

        again.request[0]++;
        mk_access_txid(slow, &again, MK_VERB_NOTITIE, dossier, &w, txid);
        ck_assert_int_eq(mk_access_write(slow, &again, txid, dossier, refused,
                                         &why, &w, &diag),
                         told);
        ck_assert_int_eq(diag.err, told);
        ck_assert(w.repeated == rows[i].repeated);
        ck_assert_uint_eq(w.seq, rows[i].repeated ? 0 : 7);
    }
    end(0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        an_intake_at_the_same_moment_makes_one_dossier,
        an_event_at_the_same_moment_is_written_once,
        a_restriction_at_the_same_moment_is_written_once,
        an_import_at_the_same_moment_is_done_once,
        what_the_first_made_impossible_was_done,
    };
    return UNIT_RUN_SHARED("repeated", tests, set_up, take_down);
}
