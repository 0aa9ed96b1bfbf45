/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * meldkluis-factsheet: the publication gate.  Reads counts (a cube, see
 * core/cube.h) on standard input and writes tables.  No key and no dossier
 * ever reaches this process; before it looks at its input it gives up
 * everything but its output folder.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/harden.h"
#include "core/base/num.h"
#include "reports/folder.h"
#include "reports/render.h"

#define DEFAULT_THRESHOLD 5
#define MAX_THRESHOLD 1000

enum format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON, FORMAT_HTML, FORMATS };

typedef enum mk_err render(struct mk_buf *out, const struct mk_factsheet *f);

static const struct {
    const char *name, *file;
    render *render;
} formats[FORMATS] = {
    [FORMAT_TEXT] = {"text", "factsheet.txt", mk_render_text},
    [FORMAT_CSV] = {"csv", "factsheet.csv", mk_render_csv},
    [FORMAT_JSON] = {"json", "factsheet.json", mk_render_json},
    [FORMAT_HTML] = {"html", "factsheet.html", mk_render_html},
};

/* What meldkluis sends when it has no counts after all (no key, a dry run): it
 * has told why, so this program ends without a word. */
static const char nothing[] = "meldkluis-cube: none\n";

/* In the interface, not built yet. */
static const char *const later_formats[] = {"fods", "pdf"};
static const char *const later_commands[] = {"protect", "audit", "round",
                                             "advise"};

struct options {
    bool english;
    enum mk_policy policy;
    uint64_t threshold;
    bool wants[FORMATS];
    const char *out;
    bool silent; /* the sender gave up */
};

/* ---- messages ---- */

static void print_marker(const struct mk_diag *diag, const char *name,
                         size_t n)
{
    char text[64];
    if (n == 5 && memcmp(name, "place", n) == 0)
        fprintf(stderr, "%s", diag->place);
    else if (n == 4 && memcmp(name, "line", n) == 0)
        fprintf(stderr, "%" PRIu64, diag->line);
    else if (n == 4 && memcmp(name, "num0", n) == 0)
        fprintf(stderr, "%" PRId64, diag->num[0]);
    else if (n == 4 && memcmp(name, "num1", n) == 0)
        fprintf(stderr, "%" PRId64, diag->num[1]);
    else if (n == 3 && memcmp(name, "sys", n) == 0)
        fprintf(stderr, "%s", strerror_r(diag->sys, text, sizeof text));
}

static int complain(const struct mk_diag *diag, bool english)
{
    const char *text = mk_err_text(diag->err, english);
    fputs("meldkluis-factsheet: ", stderr);
    while (*text) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;
        if (end) {
            print_marker(diag, text + 1, (size_t)(end - text - 1));
            text = end + 1;
        } else {
            fputc(*text++, stderr);
        }
    }
    fputc('\n', stderr);
    return mk_err_exit(diag->err);
}

static void help(void)
{
    fputs(
        "meldkluis-factsheet tables --policy internal|exact [--threshold N]\n"
        "    [--format text|csv|json|html]... [--out FOLDER] "
        "[--lang nl|en]\n"
        "\n"
        "Reads counts (meldkluis-cube) on standard input and writes the "
        "factsheet.\n"
        "internal: exact figures for own use, NOT FOR PUBLICATION\n"
        "exact:    for publication, small figures as they are\n"
        "Text goes to standard output; files go to FOLDER. Without --out "
        "one format\n"
        "goes to standard output.\n",
        stdout);
}

/* ---- the command line ---- */

static bool listed(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, list[i]) == 0)
            return true;
    return false;
}

static enum mk_err set_format(struct options *o, const char *value,
                              struct mk_diag *diag)
{
    for (int i = 0; i < FORMATS; i++)
        if (strcmp(value, formats[i].name) == 0) {
            o->wants[i] = true;
            return MK_OK;
        }
    if (listed(value, later_formats,
               sizeof later_formats / sizeof later_formats[0]))
        return mk_fail(diag, MK_E_NOT_YET, value);
    return mk_fail(diag, MK_E_USAGE, "--format");
}

enum option { OPT_POLICY, OPT_THRESHOLD, OPT_FORMAT, OPT_OUT, OPT_LANG, OPTS };
static const char *const option_names[OPTS] = {"--policy", "--threshold",
                                               "--format", "--out", "--lang"};

static enum mk_err set_option(struct options *o, enum option option,
                              const char *value, struct mk_diag *diag)
{
    switch (option) {
    case OPT_POLICY:
        if (strcmp(value, "internal") != 0 && strcmp(value, "exact") != 0)
            return mk_fail(diag, MK_E_DISCLOSURE, NULL);
        o->policy = strcmp(value, "exact") == 0 ? MK_POLICY_EXACT
                                                : MK_POLICY_INTERNAL;
        return MK_OK;
    case OPT_THRESHOLD:
        return mk_num_parse(value, strlen(value), 2, MAX_THRESHOLD,
                            &o->threshold)
                   ? MK_OK
                   : mk_fail(diag, MK_E_USAGE, "--threshold");
    case OPT_FORMAT:
        return set_format(o, value, diag);
    case OPT_OUT:
        o->out = value;
        return *value ? MK_OK : mk_fail(diag, MK_E_USAGE, "--out");
    case OPT_LANG:
        o->english = strcmp(value, "en") == 0;
        return o->english || strcmp(value, "nl") == 0
                   ? MK_OK
                   : mk_fail(diag, MK_E_USAGE, "--lang");
    case OPTS:
        break;
    }
    return MK_E_INTERNAL;
}

/* "--name value" or "--name=value"; NULL value if there is none. */
static enum option find_option(const char *arg, const char **value)
{
    for (int i = 0; i < OPTS; i++) {
        size_t n = strlen(option_names[i]);
        if (strncmp(arg, option_names[i], n) != 0)
            continue;
        if (arg[n] == '\0' || arg[n] == '=') {
            *value = arg[n] ? arg + n + 1 : NULL;
            return (enum option)i;
        }
    }
    return OPTS;
}

static enum mk_err check_options(struct options *o, bool policy,
                                 struct mk_diag *diag)
{
    int n = 0;
    for (int i = 0; i < FORMATS; i++)
        n += o->wants[i];
    if (!policy)
        return mk_fail(diag, MK_E_DISCLOSURE, NULL);
    if (n == 0)
        o->wants[FORMAT_TEXT] = true;
    if (n > 1 && !o->out)
        return mk_fail(diag, MK_E_USAGE, "--out");
    return MK_OK;
}

static enum mk_err parse_options(struct options *o, int argc, char **argv,
                                 struct mk_diag *diag)
{
    bool seen[OPTS] = {false};
    enum mk_err rc;
    for (int i = 2; i < argc; i++) {
        const char *value = NULL;
        enum option option = find_option(argv[i], &value);
        if (option == OPTS)
            return mk_fail(diag, MK_E_USAGE, "tables");
        if (!value && i + 1 < argc)
            value = argv[++i];
        if (!value || (seen[option] && option != OPT_FORMAT))
            return mk_fail(diag, MK_E_USAGE, option_names[option]);
        seen[option] = true;
        MK_TRY(set_option(o, option, value, diag));
    }
    MK_TRY(check_options(o, seen[OPT_POLICY], diag));
out:
    return rc;
}

/* ---- in, through, out ---- */

static enum mk_err read_all(struct mk_buf *in, struct mk_diag *diag)
{
    uint8_t piece[65536];
    enum mk_err rc = MK_OK;
    for (;;) {
        ssize_t n = read(STDIN_FILENO, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return mk_fail_sys(diag, MK_E_IO, "stdin");
        if (n == 0)
            return MK_OK;
        if (in->len + (size_t)n > MK_COUNTS_BYTES)
            return mk_fail_at(diag, MK_E_TOO_LARGE, "meldkluis-cube", 0,
                              MK_COUNTS_BYTES, 0);
        MK_TRY(mk_buf_add(in, piece, (size_t)n));
    }
out:
    return mk_fail(diag, rc, "stdin");
}

static enum mk_err write_out(const struct mk_buf *text, struct mk_diag *diag)
{
    if (fwrite(text->data, 1, text->len, stdout) != text->len ||
        fflush(stdout) != 0)
        return mk_fail_sys(diag, MK_E_IO, "stdout");
    return MK_OK;
}

/* All files or none: each is compared with what is there before the first is
 * written, and those of a run that fails are taken away again. */
static enum mk_err write_files(const struct mk_folder *folder,
                               const char *const names[],
                               const struct mk_buf *const text[], size_t n,
                               struct mk_diag *diag)
{
    bool there[FORMATS + 1] = {false};
    size_t done = 0;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < n; i++)
        MK_TRY(mk_folder_check(folder, names[i], text[i], &there[i], diag));
    for (; done < n; done++)
        if (!there[done])
            MK_TRY(mk_folder_write(folder, names[done], text[done], diag));
out:
    while (rc != MK_OK && done-- > 0)
        if (!there[done])
            mk_folder_remove(folder, names[done]);
    return rc;
}

/* Everything is rendered before anything is written. */
static enum mk_err publish(const struct options *o,
                           const struct mk_folder *folder,
                           const struct mk_factsheet *f, struct mk_diag *diag)
{
    struct mk_buf text[FORMATS] = {MK_BUF_INIT};
    struct mk_buf release = MK_BUF_INIT;
    const char *names[FORMATS + 1];
    const struct mk_buf *files[FORMATS + 1];
    size_t n = 0;
    enum mk_err rc = MK_OK;
    for (int i = 0; i < FORMATS && rc == MK_OK; i++)
        if (o->wants[i])
            rc = formats[i].render(&text[i], f);
    if (rc == MK_OK && o->out)
        rc = mk_render_release(&release, f);
    if (rc != MK_OK) {
        (void)mk_fail(diag, rc, "factsheet");
        goto out;
    }
    for (int i = 0; i < FORMATS; i++)
        if (o->wants[i]) {
            names[n] = formats[i].file;
            files[n++] = &text[i];
        }
    names[n] = "release.json";
    files[n++] = &release;
    if (o->out)
        MK_TRY(write_files(folder, names, files, n, diag));
    for (int i = 0; i < FORMATS; i++)
        if (o->wants[i] && (i == FORMAT_TEXT || !o->out))
            MK_TRY(write_out(&text[i], diag));
out:
    for (int i = 0; i < FORMATS; i++)
        mk_buf_release(&text[i]);
    mk_buf_release(&release);
    return rc;
}

static enum mk_err tables(struct mk_harden *harden, struct options *o,
                          struct mk_diag *diag)
{
    const struct mk_harden_place place = {o->out, MK_HARDEN_WRITE};
    struct mk_folder folder = {.fd = -1};
    struct mk_buf in = MK_BUF_INIT;
    struct mk_counts counts;
    struct mk_factsheet sheet;
    enum mk_err rc;
    mk_counts_init(&counts);
    mk_factsheet_init(&sheet);
    sheet.english = o->english;
    sheet.policy = o->policy;
    sheet.threshold = o->threshold;
    if (o->out)
        MK_TRY(mk_folder_open(&folder, o->out, o->policy == MK_POLICY_INTERNAL,
                              diag));
    MK_TRY(mk_harden_sandbox(harden, &place, o->out ? 1 : 0, diag));
    MK_TRY(read_all(&in, diag));
    o->silent = in.len == sizeof nothing - 1 &&
                memcmp(in.data, nothing, in.len) == 0;
    MK_TRY(mk_counts_parse(&counts, in.data, in.len, diag));
    MK_TRY(mk_factsheet_build(&sheet, &counts, diag));
    MK_TRY(publish(o, &folder, &sheet, diag));
out:
    mk_folder_close(&folder);
    mk_factsheet_release(&sheet);
    mk_counts_release(&counts);
    mk_buf_release(&in);
    return rc;
}

static enum mk_err run(int argc, char **argv, struct options *o,
                       struct mk_diag *diag)
{
    struct mk_harden harden;
    enum mk_err rc;
    MK_TRY(mk_harden_begin(&harden, diag));
    mk_harden_environment(&harden);
    /* nothing that whoever started us had open is for us; no such call in
     * the kernel is no harm: the sandbox follows */
    (void)close_range(3, ~0u, 0);
    if (argc < 2)
        return mk_fail(diag, MK_E_USAGE, "meldkluis-factsheet");
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0) {
        help();
        return MK_OK;
    }
    if (listed(argv[1], later_commands,
               sizeof later_commands / sizeof later_commands[0]))
        return mk_fail(diag, MK_E_NOT_YET, argv[1]);
    if (strcmp(argv[1], "tables") != 0)
        return mk_fail(diag, MK_E_USAGE, "meldkluis-factsheet");
    MK_TRY(parse_options(o, argc, argv, diag));
    MK_TRY(tables(&harden, o, diag));
out:
    return rc;
}

int main(int argc, char **argv)
{
    struct options options = {.threshold = DEFAULT_THRESHOLD};
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = run(argc, argv, &options, &diag);
    if (rc == MK_OK)
        return MK_EXIT_DONE;
    if (diag.err != rc)
        (void)mk_fail(&diag, rc, "factsheet");
    return options.silent ? (int)mk_err_exit(rc)
                          : complain(&diag, options.english);
}
