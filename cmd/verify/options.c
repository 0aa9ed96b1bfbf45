/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/program.h"

#include <limits.h>
#include <string.h>

#include "core/base/num.h"

enum option {
    KEY,
    WITNESS,
    SINCE,
    PASSPHRASE_FD,
    LANG,
    JSON,
    HELP,
    VERSION,
    OPTIONS
};

static const struct {
    const char *name, *other; /* Dutch and English, as far as they differ */
    bool flag;
} options[OPTIONS] = {
    [KEY] = {"--key", "--sleutel", false},
    [WITNESS] = {"--witness", "--getuige", false},
    [SINCE] = {"--since", "--sinds", false},
    [PASSPHRASE_FD] = {"--passphrase-fd", NULL, false},
    [LANG] = {"--lang", "--taal", false},
    [JSON] = {"--json", NULL, true},
    [HELP] = {"--help", "-h", true},
    [VERSION] = {"--version", NULL, true},
};

/* Is arg that option?  *value becomes what stands behind its '='. */
static bool is_option(const char *arg, const char *name, const char **value)
{
    const size_t n = name ? strlen(name) : 0;

    if (n == 0 || strncmp(arg, name, n) != 0 ||
        (arg[n] != '\0' && arg[n] != '='))
        return false;
    *value = arg[n] == '=' ? arg + n + 1 : NULL;
    return true;
}

static bool once(const char **place, const char *value)
{
    const bool first = *place == NULL;
    *place = value;
    return first;
}

/* False: the value is none, or the option was there before. */
static bool take(struct mk_vf_options *o, enum option which, const char *value)
{
    uint64_t fd;

    switch (which) {
    case KEY:
        return once(&o->key, value);
    case SINCE:
        return once(&o->since, value);
    case WITNESS:
        if (o->n_witnesses == MK_VF_WITNESSES)
            return false;
        o->witness[o->n_witnesses++] = value;
        return true;
    case PASSPHRASE_FD:
        if (!mk_num_parse(value, strlen(value), 0, INT_MAX, &fd))
            return false;
        o->passphrase_fd = (int)fd;
        return true;
    case LANG:
        o->english = strcmp(value, "en") == 0;
        return o->english || strcmp(value, "nl") == 0;
    case JSON:
        o->json = true;
        return true;
    case HELP:
        o->help = true;
        return true;
    case VERSION:
        o->version = true;
        return true;
    case OPTIONS:
        break;
    }
    return false;
}

enum mk_err mk_vf_options(struct mk_vf_options *o, int argc, char **argv,
                          struct mk_diag *diag)
{
    for (int i = 1; i < argc; i++) {
        const char *arg = argv[i], *value = NULL;
        unsigned k = 0;

        if (arg[0] != '-') {
            if (!once(&o->export, arg))
                return mk_fail(diag, MK_E_USAGE, arg);
            continue;
        }
        while (k < OPTIONS && !is_option(arg, options[k].name, &value) &&
               !is_option(arg, options[k].other, &value))
            k++;
        if (k == OPTIONS)
            return mk_fail(diag, MK_E_USAGE, arg);
        if (!value && !options[k].flag && i + 1 < argc)
            value = argv[++i];
        if ((value == NULL) != options[k].flag ||
            !take(o, (enum option)k, value))
            return mk_fail(diag, MK_E_USAGE, options[k].name);
    }
    if (!o->export && !o->help && !o->version)
        return mk_fail(diag, MK_E_USAGE, "EXPORT");
    return MK_OK;
}
