/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an attacker can do to a log, and what meldkluis-verify says of it: the
 * table of docs/ATTACKS.md, row by row.  A row without an attack here fails,
 * and so does an attack without a row.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/verify/files.h"
#include "cmd/verify/verify.h"
#include "core/base/bytes.h"
#include "crypto/hash.h"
#include "tests/support/export_kit.h"
#include "tests/support/unit.h"

#define DAY_MS INT64_C(86400000)
#define PAGE "docs/ATTACKS.md"

static struct mk_kr_office office;
static uint8_t rl[32];

static void start(void)
{
    struct mk_secret *box;

    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
    mk_kr_office_make(&office);
    box = mk_secret_part(office.secrets[MK_KEY_RL], 0, 32);
    memcpy(rl, mk_secret_peek(box), 32);
    mk_secret_free(box);
}

/* An export under attack, and what the reader has. */
struct scene {
    struct mk_xk x;
    char folder[128];
    struct mk_vf_given_file witness[4], since;
    size_t n_witnesses;
    bool has_since, no_key;
    struct mk_vf_report report;
};

static void begin(struct scene *s)
{
    static unsigned number;
    const char *tmp = getenv("MK_TMP");

    memset(s, 0, sizeof *s);
    snprintf(s->folder, sizeof s->folder, "%s/export-%d-%u",
             tmp ? tmp : "/tmp", (int)getpid(), number++);
    ck_assert_int_eq(mkdir(s->folder, 0700), 0);
    mk_xk_make(&s->x, &office);
    mk_xk_work(&s->x, 10); /* 24 entries, 12 heads */
}

static void written(struct scene *s)
{
    mk_xk_write(&s->x, s->folder);
}

static struct mk_buf *witness(struct scene *s, const char *name)
{
    struct mk_vf_given_file *w = &s->witness[s->n_witnesses++];

    w->path = name;
    mk_buf_init(&w->text);
    return &w->text;
}

static void judge(struct scene *s)
{
    struct mk_vf_job job = {.secret = s->no_key ? NULL : rl,
                            .witness = s->witness,
                            .n_witnesses = s->n_witnesses,
                            .since = s->has_since ? &s->since : NULL};
    struct mk_diag diag = MK_DIAG_INIT;

    ck_assert_int_eq(mk_vf_folder(&job.dir, s->folder, &diag), MK_OK);
    ck_assert_msg(mk_vf_judge(&job, &s->report, &diag) == MK_OK, "%s %s",
                  mk_err_name(diag.err), diag.place);
    close(job.dir);
}

static void end(struct scene *s)
{
    mk_xk_release(&s->x);
    for (size_t i = 0; i < s->n_witnesses; i++)
        mk_buf_release(&s->witness[i].text);
    mk_buf_release(&s->since.text);
}

/* ---- the attacks ---- */

static void flip(const struct scene *s, const char *file, size_t at)
{
    struct mk_buf b = MK_BUF_INIT;

    mk_xk_get_file(s->folder, file, &b);
    ck_assert_uint_lt(at, b.len);
    b.data[at] ^= 1;
    mk_xk_put_file(s->folder, file, b.data, b.len);
    mk_buf_release(&b);
}

#define BUNDLE "tile/entries/000.p/24"
#define TILE "tile/0/000.p/24"

static void entry_edited(struct scene *s)
{
    written(s);
    flip(s, BUNDLE, 2 + 200);
}

/* By somebody who has the log's key too, and makes all hashes anew. */
static void entry_edited_and_hashed(struct scene *s)
{
    uint8_t copy[MK_LEAF_ENTRY];

    memcpy(copy, s->x.leaf[7].p, sizeof copy);
    copy[200] ^= 1;
    mk_xk_put_leaf(&s->x, 7, copy, sizeof copy);
    written(s);
}

static void entry_removed(struct scene *s)
{
    mk_xk_put_leaf(&s->x, 7, NULL, 0);
    written(s);
}

static void entry_inserted(struct scene *s)
{
    mk_xk_insert_leaf(&s->x, 8, s->x.leaf[7].p, s->x.leaf[7].n);
    written(s);
}

static void entries_reordered(struct scene *s)
{
    const struct mk_xk_leaf keep = s->x.leaf[7];

    s->x.leaf[7] = s->x.leaf[9];
    s->x.leaf[9] = keep;
    written(s);
}

static void tile_swapped(struct scene *s)
{
    struct mk_buf b = MK_BUF_INIT;
    uint8_t other[24 * MK_HASH];

    written(s);
    mk_xk_get_file(s->folder, TILE, &b);
    for (size_t i = 0; i < sizeof other; i++)
        other[i] = (uint8_t)(b.data[i] ^ 0x55);
    mk_xk_put_file(s->folder, TILE, other, sizeof other);
    mk_buf_release(&b);
}

static void upper_tile_swapped(struct scene *s)
{
    mk_xk_work(&s->x, 130);
    written(s);
    flip(s, "tile/1/000.p/1", 3);
}

/* The newest entries are gone, and everything made anew without them. */
static void cut(struct scene *s, struct mk_buf *out)
{
    struct mk_xk old;

    mk_xk_copy(&old, &s->x);
    mk_xk_work(&s->x, 5);
    if (out)
        mk_xk_note(&s->x, s->x.n, NULL, out);
    mk_xk_write(&old, s->folder);
    mk_xk_release(&old);
}

static void tail_cut(struct scene *s)
{
    cut(s, witness(s, "notary.note"));
}

static void tail_of_files_cut(struct scene *s)
{
    struct mk_buf b = MK_BUF_INIT;

    written(s);
    mk_xk_get_file(s->folder, "heads", &b);
    mk_xk_put_file(s->folder, "heads", b.data,
                   b.len - (size_t)2 * (MK_HEAD + MK_SIG));
    mk_buf_release(&b);
}

static void vault_put_back(struct scene *s)
{
    struct mk_xk old;
    struct mk_buf *mark = witness(s, "account.mark");

    mk_xk_copy(&old, &s->x);
    mk_xk_work(&s->x, 100);
    ck_assert_int_eq(mk_buf_add_str(mark, "MKM1"), MK_OK);
    ck_assert_int_eq(
        mk_buf_add(mark, s->x.heads.data + s->x.heads.len - MK_HEAD - MK_SIG,
                   MK_HEAD + MK_SIG),
        MK_OK);
    old.now_ms += 7 * DAY_MS;
    mk_xk_work(&old, 3); /* and work goes on */
    mk_xk_write(&old, s->folder);
    mk_xk_release(&old);
}

/* The same, with as much new work as there was: sizes tell nothing. */
static void vault_put_back_and_filled(struct scene *s)
{
    struct mk_xk old;
    struct mk_buf *mark = witness(s, "account.mark");

    mk_xk_copy(&old, &s->x);
    mk_xk_work(&s->x, 3);
    ck_assert_int_eq(mk_buf_add_str(mark, "MKM1"), MK_OK);
    ck_assert_int_eq(
        mk_buf_add(mark, s->x.heads.data + s->x.heads.len - MK_HEAD - MK_SIG,
                   MK_HEAD + MK_SIG),
        MK_OK);
    old.now_ms += 7 * DAY_MS;
    mk_xk_work(&old, 9);
    mk_xk_write(&old, s->folder);
    mk_xk_release(&old);
}

static void split_view(struct scene *s)
{
    struct mk_xk other;

    mk_xk_copy(&other, &s->x);
    mk_xk_work(&s->x, 5);
    mk_xk_work(&other, 5);
    mk_xk_note(&s->x, s->x.n, NULL, witness(s, "east.note"));
    mk_xk_note(&other, other.n, NULL, witness(s, "west.note"));
    mk_xk_release(&other);
    written(s);
}

static void past_rewritten(struct scene *s)
{
    struct mk_xk other;

    mk_xk_copy(&other, &s->x);
    mk_xk_work(&s->x, 5);
    mk_xk_work(&other, 6);
    mk_xk_note(&other, other.n - 2, NULL, &s->since.text);
    s->since.path = "march.note";
    s->has_since = true;
    mk_xk_work(&s->x, 1);
    mk_xk_release(&other);
    written(s);
}

static void identity(struct mk_identity *who)
{
    uint8_t box[MK_PK], sign[MK_PK];

    memset(who, 0, sizeof *who);
    ck_assert_int_eq(mk_kr_identity_make(who, box, sign), MK_OK);
}

static void head_by_a_stranger(struct scene *s)
{
    struct mk_identity who;
    const struct mk_xk_tx tx = {
        .person = MK_KR_INSPECTOR, .who = &who, .kind = MK_AUDIT_LIST};

    identity(&who);
    mk_xk_do(&s->x, &tx);
    mk_identity_release(&who);
    written(s);
}

static void head_in_anothers_name(struct scene *s)
{
    const struct mk_xk_tx tx = {.person = MK_KR_INSPECTOR,
                                .kind = MK_AUDIT_LIST,
                                .signer = &office.who[MK_KR_ANALYST]};

    mk_xk_do(&s->x, &tx);
    written(s);
}

/* A second vault whose office certified somebody and gave him no key. */
static void head_without_a_role(struct scene *s)
{
    static struct mk_kr_office more;
    struct mk_xk x;
    struct mk_keyring *k;
    struct mk_secret *box;
    const unsigned five = (1u << MK_KR_PEOPLE) - 1 - (1u << MK_KR_INSPECTOR2);
    struct mk_secret *phrase = mk_kr_office_passphrase(MK_KR_INSPECTOR2);
    struct mk_buf request = MK_BUF_INIT;
    struct mk_identity who;
    struct mk_member admitted;

    mk_kr_office_make_of(&more, five);
    mk_xk_make(&x, &more);
    mk_xk_work(&x, 10);
    ck_assert_int_eq(mk_request_make(more.k,
                                     mk_kr_first[MK_KR_INSPECTOR2].name,
                                     phrase, &request, NULL),
                     MK_OK);
    ck_assert_int_eq(mk_keyring_admit(more.k, &more.who[MK_KR_FOUNDER],
                                      request.data, request.len,
                                      MK_ROLE_BIT(MK_ROLE_INSPECTOR),
                                      &admitted, NULL),
                     MK_OK);
    mk_kr_office_reread(&more);
    k = more.k;
    ck_assert_int_eq(mk_keyring_unlock(k, mk_keyring_by_id(k, admitted.id),
                                       phrase, &who, NULL),
                     MK_OK);
    const struct mk_xk_tx tx = {.person = MK_KR_INSPECTOR2,
                                .who = &who,
                                .kind = MK_AUDIT_LIST,
                                .outcome = MK_OUTCOME_REFUSED};
    mk_xk_do(&x, &tx);
    mk_xk_write(&x, s->folder);
    box = mk_secret_part(more.secrets[MK_KEY_RL], 0, 32);
    mk_secret_free(box);
    s->no_key = true;
    mk_xk_release(&x);
    mk_identity_release(&who);
    mk_secret_free(phrase);
    mk_buf_release(&request);
    mk_kr_office_release(&more);
}

static void dossiers_by_an_analyst(struct scene *s)
{
    const struct mk_xk_tx tx = {
        .person = MK_KR_ANALYST, .kind = MK_AUDIT_COUNT, .more_dossiers = 1};

    mk_xk_do(&s->x, &tx);
    written(s);
}

static void register_by_an_inspector(struct scene *s)
{
    uint8_t body[24] = "MKT1";
    const struct mk_xk_tx tx = {.person = MK_KR_INSPECTOR,
                                .kind = MK_AUDIT_LIST,
                                .row_kind = 4,
                                .row = body,
                                .n_row = sizeof body};

    memcpy(body + 4, s->x.head.store, MK_ID);
    body[23] = 60;
    mk_xk_do(&s->x, &tx);
    written(s);
}

static void register_changed(struct scene *s)
{
    written(s);
    flip(s, "register", 20);
}

static void epoch_without_a_restart(struct scene *s)
{
    const struct mk_xk_tx tx = {
        .person = MK_KR_FOUNDER, .kind = MK_AUDIT_SETTING, .more_epochs = 1};

    mk_xk_do(&s->x, &tx);
    written(s);
}

static void clock_set_back(struct scene *s)
{
    const struct mk_xk_tx tx = {
        .person = MK_KR_INSPECTOR, .kind = MK_AUDIT_SHOW, .clock_ms = -DAY_MS};

    mk_xk_do(&s->x, &tx);
    written(s);
}

static void entry_dated_back(struct scene *s)
{
    const struct mk_xk_tx tx = {
        .person = MK_KR_INSPECTOR, .kind = MK_AUDIT_SHOW, .entry_ms = -DAY_MS};

    mk_xk_do(&s->x, &tx);
    written(s);
}

static void session_sealed_away(struct scene *s)
{
    const struct mk_xk_tx tx = {.person = MK_KR_INSPECTOR,
                                .kind = MK_AUDIT_SHOW,
                                .foreign_session = true};

    mk_xk_do(&s->x, &tx);
    written(s);
}

static void entry_sealed_away(struct scene *s)
{
    const struct mk_xk_tx tx = {.person = MK_KR_INSPECTOR,
                                .kind = MK_AUDIT_SHOW,
                                .foreign_entry = true};

    mk_xk_do(&s->x, &tx);
    written(s);
}

static void entry_in_anothers_name(struct scene *s)
{
    const struct mk_xk_tx tx = {.person = MK_KR_INSPECTOR,
                                .kind = MK_AUDIT_SHOW,
                                .actor = office.who[MK_KR_INSPECTOR2].id};

    mk_xk_do(&s->x, &tx);
    written(s);
}

static void role_not_held(struct scene *s)
{
    const struct mk_xk_tx tx = {.person = MK_KR_ANALYST,
                                .role = MK_ROLE_INSPECTOR,
                                .kind = MK_AUDIT_SHOW};

    mk_xk_do(&s->x, &tx);
    written(s);
}

static void role_too_small(struct scene *s)
{
    const struct mk_xk_tx tx = {.person = MK_KR_ANALYST,
                                .kind = MK_AUDIT_SHOW};

    mk_xk_do(&s->x, &tx);
    written(s);
}

static void foreign_checkpoint(struct scene *s)
{
    static uint8_t seed_bytes[32] = {7};
    struct mk_secret *seed = mk_secret_from(seed_bytes, 32), *secret;
    struct mk_buf note = MK_BUF_INIT;
    uint8_t pk[MK_PK];

    written(s);
    ck_assert_int_eq(mk_sign_key(&secret, pk, seed), MK_OK);
    mk_secret_free(s->x.log_sign);
    s->x.log_sign = secret;
    mk_xk_note(&s->x, s->x.n, NULL, &note);
    mk_xk_put_file(s->folder, "checkpoint", note.data, note.len);
    mk_buf_release(&note);
    mk_secret_free(seed);
}

static void statement_changed(struct scene *s)
{
    struct mk_buf b = MK_BUF_INIT;
    char *role;

    written(s);
    mk_xk_get_file(s->folder, "members", &b);
    role = memmem(b.data, b.len, "roles: analyst", 14);
    ck_assert_ptr_nonnull(role);
    memcpy(role, "roles: auditor", 14);
    mk_xk_put_file(s->folder, "members", b.data, b.len);
    mk_buf_release(&b);
}

/* A key of a witness, for cosignatures in tests. */
static void cosign(struct mk_buf *note, char vkey[static MK_VKEY_MAX])
{
    static uint8_t seed_bytes[32] = {9};
    struct mk_secret *seed = mk_secret_from(seed_bytes, 32);

    mk_xk_cosign(note, "notary.example", seed, 1772450000, vkey);
    mk_secret_free(seed);
}

static void stored_note(struct scene *s, bool forge)
{
    struct mk_buf note = MK_BUF_INIT;
    struct mk_buf *key = witness(s, "notary.vkey");
    char vkey[MK_VKEY_MAX];

    written(s);
    mk_xk_note(&s->x, 20, NULL, &note);
    cosign(&note, vkey);
    ck_assert_int_eq(mk_buf_add_str(key, vkey), MK_OK);
    if (forge) /* the line of another checkpoint, put here */
        mk_xk_note(&s->x, 18, NULL, &note);
    if (forge) {
        struct mk_buf other = MK_BUF_INIT;
        const uint8_t *line;

        mk_xk_note(&s->x, 20, NULL, &other);
        cosign(&other, vkey);
        line = memmem(other.data, other.len, "\xe2\x80\x94 notary", 10);
        ck_assert_ptr_nonnull(line);
        ck_assert_int_eq(
            mk_buf_add(&note, line, (size_t)(other.data + other.len - line)),
            MK_OK);
        mk_buf_release(&other);
    }
    mk_xk_put_file(s->folder, forge ? "checkpoints/18" : "checkpoints/20",
                   note.data, note.len);
    mk_buf_release(&note);
}

static void cosignature_forged(struct scene *s)
{
    stored_note(s, true);
}

static void cosignatures_thrown_away(struct scene *s)
{
    char path[256];

    stored_note(s, false);
    snprintf(path, sizeof path, "%s/checkpoints/20", s->folder);
    ck_assert_int_eq(unlink(path), 0);
}

static void stored_checkpoint_of_another_past(struct scene *s)
{
    static const uint8_t root[MK_HASH] = {1, 2, 3};
    struct mk_buf note = MK_BUF_INIT;

    written(s);
    mk_xk_note(&s->x, 20, root, &note);
    mk_xk_put_file(s->folder, "checkpoints/20", note.data, note.len);
    mk_buf_release(&note);
}

/* ---- pruning ---- */

#define FIRST_MS INT64_C(1772445600000)
#define MONTH_MS (31 * DAY_MS)

static void set_term(struct mk_xk *x, unsigned months)
{
    uint8_t body[24] = "MKT1";
    const struct mk_xk_tx tx = {.person = MK_KR_FOUNDER,
                                .kind = MK_AUDIT_LOG_TERM,
                                .row_kind = 4,
                                .row = body,
                                .n_row = sizeof body};

    memcpy(body + 4, x->head.store, MK_ID);
    mk_put_u32(body + 20, months);
    mk_xk_do(x, &tx);
}

/* Somebody of each role, so long afterwards. */
static void pass(struct mk_xk *x, int64_t ms)
{
    const struct mk_xk_tx aud = {
        .person = MK_KR_AUDITOR, .kind = MK_AUDIT_LOG_VERIFY, .clock_ms = ms};

    mk_xk_do(x, &aud);
    mk_xk_work(x, 1);
}

/* 512 entries gone, as a custodian signs it; the files of them go too. */
static void prune(struct scene *s, int64_t before_ms, bool forge)
{
    uint8_t body[68] = "MKP1";
    const struct mk_xk_tx tx = {.person = MK_KR_FOUNDER,
                                .kind = MK_AUDIT_LOG_PRUNE,
                                .row_kind = 5,
                                .row = body,
                                .n_row = sizeof body};
    char path[256];

    memcpy(body + 4, s->x.head.store, MK_ID);
    mk_put_u64(body + 20, 512);
    mk_xk_root(&s->x, 512, body + 28);
    body[30] ^= forge;
    mk_put_u64(body + 60, (uint64_t)before_ms);
    mk_xk_do(&s->x, &tx);
    written(s);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/tile/entries/%03d", s->folder, i);
        ck_assert_int_eq(unlink(path), 0);
    }
}

static void old_enough(struct scene *s)
{
    mk_xk_work(&s->x, 260);
    set_term(&s->x, 6);
    pass(&s->x, 20 * MONTH_MS);
}

static void pruned_with_a_forged_proof(struct scene *s)
{
    old_enough(s);
    prune(s, FIRST_MS + MONTH_MS, true);
}

static void pruned_too_young(struct scene *s)
{
    mk_xk_work(&s->x, 260);
    set_term(&s->x, 6);
    pass(&s->x, 3 * MONTH_MS);
    prune(s, FIRST_MS + MONTH_MS, false);
}

static void pruned_without_a_term(struct scene *s)
{
    mk_xk_work(&s->x, 260);
    pass(&s->x, 20 * MONTH_MS);
    prune(s, FIRST_MS + MONTH_MS, false);
}

static void pruned_with_a_false_age(struct scene *s)
{
    old_enough(s);
    prune(s, FIRST_MS + 1000, false);
}

/* A custodian whose clock runs a year ahead. */
static void pruned_with_a_clock_ahead(struct scene *s)
{
    mk_xk_work(&s->x, 260);
    set_term(&s->x, 6);
    pass(&s->x, 2 * MONTH_MS);
    s->x.now_ms += 20 * MONTH_MS;
    prune(s, FIRST_MS + MONTH_MS, false);
}

static void bundle_missing(struct scene *s)
{
    char path[256];

    mk_xk_work(&s->x, 130);
    written(s);
    snprintf(path, sizeof path, "%s/tile/entries/000", s->folder);
    ck_assert_int_eq(unlink(path), 0);
}

/* ---- the table ---- */

static const struct {
    const char *name; /* of the row of docs/ATTACKS.md */
    void (*attack)(struct scene *s);
} attacks[] = {
    {"entry edited", entry_edited},
    {"entry edited, all hashes made anew", entry_edited_and_hashed},
    {"entry removed", entry_removed},
    {"entry inserted", entry_inserted},
    {"entries reordered", entries_reordered},
    {"tile swapped", tile_swapped},
    {"upper tile swapped", upper_tile_swapped},
    {"tail cut", tail_cut},
    {"tail cut in the files only", tail_of_files_cut},
    {"vault put back a week", vault_put_back},
    {"vault put back, filled up again", vault_put_back_and_filled},
    {"split view", split_view},
    {"past rewritten since an old checkpoint", past_rewritten},
    {"head by somebody never certified", head_by_a_stranger},
    {"head by somebody without a role", head_without_a_role},
    {"head in another's name", head_in_anothers_name},
    {"dossiers changed by an analyst", dossiers_by_an_analyst},
    {"term set by an inspector", register_by_an_inspector},
    {"register row changed", register_changed},
    {"epoch raised without a restart", epoch_without_a_restart},
    {"clock set back", clock_set_back},
    {"entry dated back", entry_dated_back},
    {"session sealed to a foreign key", session_sealed_away},
    {"entry sealed to a foreign key", entry_sealed_away},
    {"entry in another's name", entry_in_anothers_name},
    {"role that was not held", role_not_held},
    {"role that may not", role_too_small},
    {"checkpoint by another key", foreign_checkpoint},
    {"role of a member changed", statement_changed},
    {"cosignature forged", cosignature_forged},
    {"cosignatures thrown away", cosignatures_thrown_away},
    {"stored checkpoint of another past", stored_checkpoint_of_another_past},
    {"pruned with a forged proof", pruned_with_a_forged_proof},
    {"pruned too young", pruned_too_young},
    {"pruned without a term", pruned_without_a_term},
    {"pruned with a false age", pruned_with_a_false_age},
    {"pruned with a clock that runs ahead", pruned_with_a_clock_ahead},
    {"bundle missing", bundle_missing},
};
#define ATTACKS (sizeof attacks / sizeof *attacks)

static const char *const verdicts[] = {"intact", "complete", "allowed"};

/* "| name | verdict | sentence |" of the first finding of the first verdict
 * that fails. */
static void row_of(const struct scene *s, const char *name, char out[2048])
{
    struct mk_buf text = MK_BUF_INIT;

    for (size_t v = 0; v < MK_VF_VERDICTS; v++) {
        const struct mk_vf_opinion *o = &s->report.verdict[v];

        if (o->failed == 0)
            continue;
        ck_assert_int_eq(mk_vf_sentence(&text, &o->kept[0], true), MK_OK);
        snprintf(out, 2048, "| %s | %s | %.*s |\n", name, verdicts[v],
                 (int)text.len, (const char *)text.data);
        mk_buf_release(&text);
        return;
    }
    snprintf(out, 2048, "| %s | passes | |\n", name);
}

static bool page_has(const char *row)
{
    char line[2048];
    bool has = false;
    FILE *f = fopen(PAGE, "r");

    ck_assert_ptr_nonnull(f);
    while (fgets(line, sizeof line, f))
        has = has || strcmp(line, row) == 0;
    fclose(f);
    return has;
}

START_TEST(an_attack_fails_as_the_page_says)
{
    struct scene s;
    char row[2048];

    begin(&s);
    attacks[_i].attack(&s);
    judge(&s);
    row_of(&s, attacks[_i].name, row);
    ck_assert_msg(page_has(row), "not in " PAGE ": %s", row);
    end(&s);
}
END_TEST

START_TEST(the_page_has_no_other_rows)
{
    char line[2048];
    size_t rows = 0;
    FILE *f = fopen(PAGE, "r");

    ck_assert_ptr_nonnull(f);
    while (fgets(line, sizeof line, f))
        for (size_t v = 0; v < MK_VF_VERDICTS; v++) {
            char cell[16];

            snprintf(cell, sizeof cell, "| %s |", verdicts[v]);
            rows += line[0] == '|' && strstr(line, cell) != NULL;
        }
    fclose(f);
    ck_assert_uint_eq(rows, ATTACKS);
}
END_TEST

/* ---- what is no attack ---- */

#define PASSES(s)                                             \
    do {                                                      \
        char row[2048];                                       \
        judge(s);                                             \
        row_of(s, "", row);                                   \
        ck_assert_msg(mk_vf_passed(&(s)->report), "%s", row); \
    } while (0)

START_TEST(an_export_that_is_whole_passes)
{
    struct scene s;

    begin(&s);
    mk_xk_work(&s.x, 300);
    written(&s);
    PASSES(&s);
    ck_assert(s.report.verdict[MK_VF_INTACT].judged);
    ck_assert(s.report.verdict[MK_VF_ALLOWED].judged);
    ck_assert(!s.report.verdict[MK_VF_COMPLETE].judged);
    ck_assert_uint_eq(s.report.size, 624);
    ck_assert_uint_eq(s.report.opened, 312);
    end(&s);
}
END_TEST

START_TEST(a_witness_who_saw_the_beginning_makes_it_complete)
{
    struct scene s;

    begin(&s);
    stored_note(&s, false);
    mk_xk_note(&s.x, 24, NULL, witness(&s, "mine.note"));
    PASSES(&s);
    ck_assert(s.report.verdict[MK_VF_COMPLETE].judged);
    ck_assert_uint_eq(s.report.verdict[MK_VF_COMPLETE].reason.a, 24);
    ck_assert_uint_eq(s.report.verdict[MK_VF_COMPLETE].reason.b, 0);
    end(&s);
}
END_TEST

START_TEST(a_clock_corrected_by_minutes_passes)
{
    const struct mk_xk_tx tx = {.person = MK_KR_INSPECTOR,
                                .kind = MK_AUDIT_SHOW,
                                .clock_ms = -5 * 60000};
    struct scene s;

    begin(&s);
    mk_xk_do(&s.x, &tx);
    written(&s);
    PASSES(&s);
    end(&s);
}
END_TEST

START_TEST(creeping_back_by_minutes_is_noticed)
{
    const struct mk_xk_tx tx = {.person = MK_KR_INSPECTOR,
                                .kind = MK_AUDIT_SHOW,
                                .clock_ms = -4 * 60000};
    struct scene s;

    begin(&s);
    mk_xk_do(&s.x, &tx);
    mk_xk_do(&s.x, &tx);
    written(&s);
    judge(&s);
    ck_assert_int_eq(s.report.verdict[MK_VF_INTACT].kept[0].code,
                     MK_VF_CLOCK_BACK);
    end(&s);
}
END_TEST

START_TEST(a_refusal_is_no_breach)
{
    const struct mk_xk_tx tx = {.person = MK_KR_ANALYST,
                                .kind = MK_AUDIT_SHOW,
                                .outcome = MK_OUTCOME_REFUSED};
    struct scene s;

    begin(&s);
    mk_xk_do(&s.x, &tx);
    written(&s);
    PASSES(&s);
    ck_assert_uint_eq(s.report.refused, 1);
    end(&s);
}
END_TEST

START_TEST(a_true_pruning_passes)
{
    struct scene s;

    begin(&s);
    old_enough(&s);
    prune(&s, FIRST_MS + MONTH_MS, false);
    PASSES(&s);
    ck_assert_uint_eq(s.report.pruned, 512);
    ck_assert_uint_eq(s.report.verdict[MK_VF_INTACT].n_notes, 1);
    end(&s);
}
END_TEST

/* A restart that two people signed, and the mark from before it. */
START_TEST(an_accepted_restore_passes)
{
    struct scene s;
    struct mk_xk old;
    uint8_t body[MK_RESTART_BODY] = "MKX1";
    struct mk_buf *mark;
    const struct mk_xk_tx tx = {.person = MK_KR_FOUNDER,
                                .kind = MK_AUDIT_RESTART,
                                .row_kind = 2,
                                .row = body,
                                .n_row = sizeof body,
                                .more_epochs = 1};

    begin(&s);
    mark = witness(&s, "account.mark");
    mk_xk_copy(&old, &s.x);
    mk_xk_work(&s.x, 5);
    ck_assert_int_eq(mk_buf_add_str(mark, "MKM1"), MK_OK);
    ck_assert_int_eq(
        mk_buf_add(mark, s.x.heads.data + s.x.heads.len - MK_HEAD - MK_SIG,
                   MK_HEAD + MK_SIG),
        MK_OK);
    memcpy(body + 4, old.head.store, MK_ID);
    mk_put_u32(body + 20, 1);
    memcpy(body + 26, s.x.head_hash, MK_HASH);
    memcpy(body + 58, old.head_hash, MK_HASH);
    memcpy(body + 90, office.who[MK_KR_FOUNDER].id, MK_ID);
    memcpy(body + 106, office.who[MK_KR_AUDITOR].id, MK_ID);
    ck_assert_int_eq(mk_sign(body + MK_RESTART_SIGNED,
                             office.who[MK_KR_FOUNDER].sign,
                             "meldkluis/restart/v1", body, MK_RESTART_SIGNED),
                     MK_OK);
    ck_assert_int_eq(mk_sign(body + MK_RESTART_SIGNED + MK_SIG,
                             office.who[MK_KR_AUDITOR].sign,
                             "meldkluis/restart/v1", body, MK_RESTART_SIGNED),
                     MK_OK);
    mk_xk_do(&old, &tx);
    mk_xk_write(&old, s.folder);
    PASSES(&s);
    mk_xk_release(&old);
    end(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("verify_attacks");
    TCase *table = tcase_create("attacks"), *rest = tcase_create("no attack");
    const TTest *const others[] = {
        the_page_has_no_other_rows,
        an_export_that_is_whole_passes,
        a_witness_who_saw_the_beginning_makes_it_complete,
        a_clock_corrected_by_minutes_passes,
        creeping_back_by_minutes_is_noticed,
        a_refusal_is_no_breach,
        a_true_pruning_passes,
        an_accepted_restore_passes,
    };

    tcase_add_unchecked_fixture(table, start, NULL);
    tcase_add_unchecked_fixture(rest, start, NULL);
    tcase_add_loop_test(table, an_attack_fails_as_the_page_says, 0, ATTACKS);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        tcase_add_test(rest, others[i]);
    suite_add_tcase(suite, table);
    suite_add_tcase(suite, rest);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
