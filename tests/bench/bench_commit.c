/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One durable commit, against the bare library writing equal rows in as many
 * transactions of a copy of the same file (tape.h).  Both wait for the disk.
 *
 *   entry    one entry of the access log and its head: the least there is
 *   intake   a new dossier
 *   event    a note on a dossier of few notes: two transactions, since what a command is
 *            about to open is in the log before it is opened
 */
#include <stdlib.h>
#include <string.h>

#include "core/access.h"
#include "tests/bench/bench.h"
#include "tests/bench/kit.h"
#include "tests/bench/tape.h"

#define WARM 10
#define NOTES 6 /* on one dossier */

struct commits {
    struct mk_vault *v;
    struct tape tape;
    struct tape_bare *bare;
    struct mk_dossier_ref ref[BENCH_PAIRS];
    size_t n_ref, n_event;
};

static void entry(struct commits *c)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_diag diag = MK_DIAG_INIT;

    bench_ok(mk_access_ask_many(c->v, &access, MK_ROLE_INSPECTOR,
                                MK_AUDIT_LIST, MK_SHOWN_FACTS, &diag),
             &diag, "entry");
}

static void intake(struct commits *c)
{
    c->ref[c->n_ref++] = bench_intake(c->v);
}

static void event(struct commits *c)
{
    static const char text[] = "Teruggebeld; de moeder is gerustgesteld.";
    const struct mk_access access = {.purpose = 0};
    const struct mk_dossier_ref *ref = &c->ref[c->n_event++ / NOTES];
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_written out;
    struct mk_event e;

    mk_event_init(&e);
    e.verb = MK_VERB_NOTITIE;
    bench_ok(mk_fields_parse(&e.f, mk_verb_field(e.verb, "narrative", 9), text,
                             strlen(text), &diag),
             &diag, "narrative");
    bench_ok(mk_dossier_event(c->v, &access, ref, &e, &out, &diag), &diag,
             "event");
}

static void measure(struct commits *c, const char *name,
                    void (*command)(struct commits *), size_t n, double aim)
{
    struct bench_pairs *p = calloc(1, sizeof *p);
    struct bench_pairs *above = calloc(1, sizeof *above);
    double commit = 0;
    double all = 0;

    bench_must(p != NULL && above != NULL, "memory");
    for (size_t i = 0; i < WARM + n; i++) {
        double a;
        double b;

        tape_start(&c->tape, TAPE_WRITES);
        a = bench_now();
        command(c);
        a = bench_now() - a;
        b = bench_now();
        tape_bare_write(c->bare, &c->tape);
        b = bench_now() - b;
        if (i < WARM)
            continue;
        bench_pairs_add(p, a, b);
        bench_pairs_add(above, a - c->tape.seconds, b);
        all += a;
        commit += c->tape.durable;
    }
    bench_ratio(bench_pairs_ratio(p), aim,
                "%s: %llu rows in %llu transaction(s) (%zu pairs)", name,
                (unsigned long long)c->tape.rows,
                (unsigned long long)c->tape.transactions, n);
    bench_note("COMMIT of the library %.0f %% of it; above the library "
               "(sealing, signing, marks) %.2f of the bare time; %llu reads",
               100 * commit / all, bench_pairs_ratio(above),
               (unsigned long long)c->tape.reads);
    free(p);
    free(above);
}

int main(int argc, char **argv)
{
    struct bench_vault ours;
    struct bench_vault copy;
    static struct commits c;
    double aim;
    size_t n;

    bench_must(argc == 4, "bench_commit FOLDER PAIRS AIM");
    n = strtoul(argv[2], NULL, 10);
    aim = strtod(argv[3], NULL);
    bench_vault_make(&ours, argv[1], "commit");
    bench_vault_copy(&ours, &copy, argv[1], "commit-bare");
    c.v = bench_vault_open(&ours, "inspecteur");
    tape_insert(&c.tape, c.v->store);
    c.bare = tape_bare_open(copy.vault, c.v->keys[MK_KEY_DBK]);
    measure(&c, "entry of the log", entry, n, aim);
    measure(&c, "intake", intake, n, aim);
    measure(&c, "event on a dossier", event, n, aim);
    tape_bare_close(c.bare);
    tape_remove(&c.tape, c.v->store);
    mk_vault_close(c.v);
    bench_vault_remove(&ours);
    bench_vault_remove(&copy);
    return 0;
}
