/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One dossier among few and among many: opening and showing must not cost more
 * than the logarithm of their number.  Then what has to look at all of them
 * (a list, a search, a dossier that is not there), next to the bare library
 * reading every row of dossiers; and the memory that each takes, in a process
 * of its own, with the peak reset after unlocking.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"
#include "tests/bench/kit.h"
#include "tests/bench/tape.h"

#define NAME 32

static const struct mk_access access_own = {.purpose = 0};

static void name_of(char name[static NAME], uint64_t n)
{
    snprintf(name, NAME, "show-%llu", (unsigned long long)n);
}

/* ---- parts in a process of their own ---- */

typedef void part(const struct bench_vault *b, const char *folder, uint64_t n);

static void apart(part *run, const struct bench_vault *b, const char *folder,
                  uint64_t n)
{
    int status = -1;
    pid_t pid;

    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        struct mk_diag diag = MK_DIAG_INIT;

        bench_ok(mk_init(&diag), &diag, "init");
        run(b, folder, n);
        exit(0);
    }
    bench_must(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0,
               "part of the bench");
}

static void memory(const char *what, uint64_t n)
{
    bench_note("memory of %s, %llu dossiers: %.1f MiB at most", what,
               (unsigned long long)n, bench_memory_peak());
}

static void make(const struct bench_vault *b, const char *folder, uint64_t n)
{
    struct bench_vault made;
    struct mk_vault *v;
    char name[NAME];

    (void)b;
    name_of(name, n);
    bench_vault_make(&made, folder, name);
    v = bench_vault_open(&made, "inspecteur");
    bench_memory_reset();
    bench_import(v, n);
    memory("an import", n);
    mk_vault_close(v);
}

static enum mk_err ignore(void *ctx, const struct mk_list_item *item)
{
    uint64_t *n = ctx;

    (void)item;
    ++*n;
    return MK_OK;
}

static void list(struct mk_vault *v, uint64_t n)
{
    const struct mk_list_filter all = {.year = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t seen = 0;
    uint64_t others;

    bench_ok(mk_list(v, &access_own, &all, ignore, &seen, &others, &diag),
             &diag, "list");
    bench_must(seen == n, "list is not whole");
}

static void list_open(struct mk_vault *v, uint64_t n)
{
    const struct mk_list_filter open = {.open_only = true};
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t seen = 0;
    uint64_t others;

    bench_ok(mk_list(v, &access_own, &open, ignore, &seen, &others, &diag),
             &diag, "list");
    bench_must(seen < n, "list of open dossiers");
}

static void search(struct mk_vault *v, uint64_t n)
{
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t seen = 0;

    (void)n;
    bench_ok(mk_search(v, &access_own, "zonnebloem", ignore, &seen, &diag),
             &diag, "search");
}

static void not_there(struct mk_vault *v, uint64_t n)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_dossier_ref ref;
    struct mk_view view;

    (void)n;
    memset(ref.lo, 0, sizeof ref.lo);
    memset(ref.hi, 0, sizeof ref.hi);
    mk_view_init(&view);
    bench_must(mk_dossier_open(v, &access_own, MK_AUDIT_SHOW, &ref, &view,
                               &diag) == MK_E_NOT_FOUND,
               "not found");
    mk_view_release(&view);
}

static void remember_list(const struct bench_vault *b, const char *folder,
                          uint64_t n)
{
    struct mk_vault *v = bench_vault_open(b, "inspecteur");

    (void)folder;
    bench_memory_reset();
    list(v, n);
    memory("a list of all", n);
    mk_vault_close(v);
}

static void remember_search(const struct bench_vault *b, const char *folder,
                            uint64_t n)
{
    struct mk_vault *v = bench_vault_open(b, "inspecteur");

    (void)folder;
    bench_memory_reset();
    search(v, n);
    memory("a search", n);
    mk_vault_close(v);
}

/* ---- one dossier ---- */

struct house {
    struct bench_vault at;
    struct mk_vault *v;
    uint64_t n;
    uint8_t (*id)[16]; /* of every dossier */
    size_t n_id;
    double unlock;  /* seconds */
    uint64_t pages; /* deciphered by all shows */
};

static enum mk_err take_id(void *ctx, const struct mk_list_item *item)
{
    struct house *h = ctx;

    memcpy(h->id[h->n_id++], item->id, 16);
    return MK_OK;
}

static void enter(struct house *h)
{
    const struct mk_list_filter all = {.year = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t others;

    h->id = calloc(h->n, sizeof *h->id);
    bench_must(h->id != NULL, "memory");
    h->v = bench_vault_open(&h->at, "inspecteur");
    bench_ok(mk_list(h->v, &access_own, &all, take_id, h, &others, &diag),
             &diag, "list");
    mk_vault_close(h->v);
    h->unlock = bench_now();
    h->v = bench_vault_open(&h->at, "inspecteur");
    h->unlock = bench_now() - h->unlock;
}

static double show(struct house *h)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_dossier_ref ref;
    struct mk_view view;
    double start;
    char tag[MK_TAG_TEXT];

    mk_tag_format(tag, h->id[(size_t)(drand48() * (double)h->n)]);
    mk_view_init(&view);
    (void)tape_pages(h->v->store);
    start = bench_now();
    bench_ok(mk_dossier_ref_parse(&ref, tag, &diag), &diag, "tag");
    bench_ok(
        mk_dossier_open(h->v, &access_own, MK_AUDIT_SHOW, &ref, &view, &diag),
        &diag, "show");
    start = bench_now() - start;
    h->pages += tape_pages(h->v->store);
    mk_view_release(&view);
    return start;
}

static void show_both(struct house *few, struct house *many, size_t n)
{
    static struct bench_pairs p;
    const double may = log((double)many->n) / log((double)few->n);

    for (size_t i = 0; i < n; i++) {
        double b = show(few);

        bench_pairs_add(&p, show(many), b);
    }
    bench_ratio(bench_pairs_ratio(&p), may,
                "open and show one of %llu / one of %llu (%zu pairs, "
                "the entry of the log on the disk first)",
                (unsigned long long)many->n, (unsigned long long)few->n, n);
    bench_note("pages deciphered for one: %.1f of %llu dossiers, %.1f of %llu",
               (double)many->pages / (double)n, (unsigned long long)many->n,
               (double)few->pages / (double)n, (unsigned long long)few->n);
    bench_ratio(many->unlock / few->unlock, may,
                "unlock (passphrase, heads since the mark)");
}

/* ---- all of them ---- */

static void measure_all(struct house *h, const char *what,
                        void (*command)(struct mk_vault *, uint64_t))
{
    struct bench_pairs p = {.n = 0};

    for (int i = 0; i < 3; i++) {
        double a = bench_now();
        double b;

        command(h->v, h->n);
        a = bench_now() - a;
        b = bench_now();
        tape_bare_walk(h->v->store, MK_Q_DOSSIER_WALK);
        bench_pairs_add(&p, a, bench_now() - b);
    }
    bench_ratio(bench_pairs_ratio(&p), 0,
                "%s / the bare library reading all %llu rows of dossiers",
                what, (unsigned long long)h->n);
}

int main(int argc, char **argv)
{
    struct house few = {.n_id = 0};
    struct house many = {.n_id = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    char name[NAME];

    bench_must(argc == 5, "bench_show FOLDER FEW MANY PAIRS");
    few.n = strtoull(argv[2], NULL, 10);
    many.n = strtoull(argv[3], NULL, 10);
    apart(make, NULL, argv[1], few.n);
    apart(make, NULL, argv[1], many.n);
    name_of(name, few.n);
    bench_vault_at(&few.at, argv[1], name);
    name_of(name, many.n);
    bench_vault_at(&many.at, argv[1], name);
    apart(remember_list, &many.at, argv[1], many.n);
    apart(remember_search, &many.at, argv[1], many.n);
    bench_ok(mk_init(&diag), &diag, "init");
    enter(&few);
    enter(&many);
    show_both(&few, &many, strtoul(argv[4], NULL, 10));
    measure_all(&many, "list of all", list);
    measure_all(&many, "list of open dossiers", list_open);
    measure_all(&many, "a dossier that is not there", not_there);
    measure_all(&many, "search", search);
    mk_vault_close(few.v);
    mk_vault_close(many.v);
    free(few.id);
    free(many.id);
    bench_vault_remove(&few.at);
    bench_vault_remove(&many.at);
    return 0;
}
