/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/policy.h"

#include "cmd/form.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static enum mk_err take(void *ctx, const char *key, size_t key_len,
                        const void *value, size_t n, uint64_t line,
                        struct mk_diag *diag)
{
    return mk_rule_set(ctx, key, key_len, value, n, line, diag);
}

enum mk_err mk_policy_read(struct mk_app *app, const char *path,
                           struct mk_rule *rule)
{
    const char *option = MK_T(app, "--beleid", "--policy");
    struct mk_buf text = MK_BUF_INIT;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    enum mk_err rc;
    if (fd < 0)
        return mk_fail_sys(&app->diag,
                           errno == ENOENT ? MK_E_NO_FILE : MK_E_IO, option);
    mk_rule_init(rule);
    MK_TRY(mk_form_read(&text, fd, &app->diag));
    MK_TRY(mk_form_parse(&text, take, rule, &app->diag));
out:
    if (rc != MK_OK && strcmp(app->diag.place, "--form") == 0)
        rc = mk_fail(&app->diag, rc, option);
    close(fd);
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_policy_line(struct mk_app *app, char line[static MK_RULE_TEXT])
{
    const char *path = mk_args_value(&app->args, MK_OPT_BELEID);
    struct mk_rule rule;
    line[0] = '\0';
    if (path == NULL || strcmp(path, "exact") == 0)
        return MK_OK;
    enum mk_err rc = mk_policy_read(app, path, &rule);
    if (rc == MK_OK)
        mk_rule_format(line, &rule);
    return rc;
}
