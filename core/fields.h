/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys that forms and the import file use, typed.  core/defs/fields.def
 * has one row each; the numbers are stored in events.  Text becomes a typed
 * value here and nowhere else.
 */
#ifndef MK_CORE_FIELDS_H
#define MK_CORE_FIELDS_H

#include "core/base/buf.h"
#include "core/base/date.h"
#include "core/codes.h"

enum mk_field_type {
    MK_T_CODE,   /* one code of a list */
    MK_T_CODES,  /* several, separated by one space: bit n = number n */
    MK_T_DATE,   /* YYYY-MM-DD, or ONB or NR where the row allows it */
    MK_T_PERIOD, /* 2019, 2019-05, 2019-05-12, 2019-05-01/2019-06-15, ONB, NR */
    MK_T_LINE,   /* one line of text: no LF, CR or other control character */
    MK_T_TEXT,   /* narrative */
    MK_T_LRK, /* nine digits, or ONB or NR; the 11-proof is checked with the care
                    type */
    MK_T_TAG,    /* another dossier: MK-7Q4D-K2XZ; stored as its id */
    MK_T_NUMBER, /* whole number from 1 (of an event) */
    MK_T_KEY,    /* the name of a key */
    MK_T_MEMBER, /* who is in the keyring: 32 hex digits of his id */
};

enum mk_field {
    MK_F_NONE = 0,
#define MK_FIELD(number, NAME, key, type, list, flags, nl, en) \
    MK_F_##NAME = number,
#include "core/defs/fields.def"
    MK_FIELD_MAX = 64 /* numbers are 1..63 */
};

#define MK_FIELD_UNKNOWN 1  /* flag: may be ONB or NR */
#define MK_FIELD_IDENTITY 2 /* flag: identifies somebody: sealed text part */
#define MK_FIELD_FUTURE 4   /* flag: a date that may lie in the future */
#define MK_FIELD_IMPORT_MUST \
    8 /* flag: where required, also of imported events */

struct mk_field_info {
    enum mk_field number;
    const char *key; /* "care_type" */
    enum mk_field_type type;
    int list; /* enum mk_list, or -1 */
    unsigned flags;
    const char *nl;
    const char *en;
};

/* How exactly a period was given. */
enum mk_period_form {
    MK_PERIOD_NONE = 0, /* ONB or NR */
    MK_PERIOD_YEAR = 1,
    MK_PERIOD_MONTH = 2,
    MK_PERIOD_DAY = 3,
    MK_PERIOD_RANGE = 4,
};

/* One value; which members count follows from the type of its key. */
struct mk_value {
    uint8_t number; /* enum mk_field: which key this is the value of */
    uint8_t code;   /* CODE: the number; DATE, PERIOD, LRK: MK_UNKNOWN_ONB or
                           MK_UNKNOWN_NR instead of a value, else 0; TAG: 1 when id is
                           that of a dossier, 0 when only its first 35 bits are known */
    uint8_t form;   /* PERIOD: enum mk_period_form */
    uint64_t codes; /* CODES: bit set; NUMBER, KEY: the number */
    mk_day from;    /* DATE; PERIOD: first day; else MK_DAY_NONE */
    mk_day to;      /* PERIOD: last day; DATE: as from; else MK_DAY_NONE */
    uint8_t id[16]; /* TAG, MEMBER */
    struct mk_buf text; /* LINE, TEXT, LRK (9 digits) */
};

/*
 * A set of values, at most one a key, kept by number of key in one row of
 * memory of just that length.  The members are for fields*.c only.
 */
struct mk_fields {
    uint64_t set; /* bit n: the key with number n has a value */
    struct mk_value *v;
    uint8_t cap;
};

#define MK_LINE_MAX 1024       /* bytes of a LINE */
#define MK_TEXT_MAX (1u << 20) /* bytes of a TEXT */

void mk_fields_init(struct mk_fields *f);
void mk_fields_release(struct mk_fields *f); /* wipes; f is empty and usable */

/* NULL if there is none. */
const struct mk_field_info *mk_field_get(enum mk_field number);
/* The first row with that key (`reason` has several: see mk_verb_field). */
const struct mk_field_info *mk_field_find(const char *key, size_t n);

/*
 * Parses text (n bytes, hostile) as the value of field number into f.
 * Errors: E_BAD_CODE (diag->list set), E_BAD_DATE, E_BAD_LRK, E_BAD_TAG,
 * E_BAD_NUMBER, E_BAD_UTF8, E_TOO_LARGE, E_SYNTAX (control character in a
 * line), E_UNKNOWN_KEY (value of a KEY), E_DUPLICATE_KEY when it is set already,
 * E_MEMORY; diag->place is the key.  diag->line is left alone.  f is unchanged
 * after an error.
 */
MK_MUST_USE enum mk_err mk_fields_parse(struct mk_fields *f,
                                        enum mk_field number, const void *text,
                                        size_t n, struct mk_diag *diag);

/* Adds the value to out in the form in which mk_fields_parse takes it back;
 * nothing when it is not set. */
MK_MUST_USE enum mk_err mk_fields_format(struct mk_buf *out,
                                         const struct mk_fields *f,
                                         enum mk_field number);

/* to becomes a copy of from; what it held is wiped. */
MK_MUST_USE enum mk_err mk_fields_copy(struct mk_fields *to,
                                       const struct mk_fields *from);

/* to becomes what from holds, from is empty; what to held is wiped. */
void mk_fields_take(struct mk_fields *to, struct mk_fields *from);

/* The key after number in number order that has a value; MK_F_NONE at the end.
 * Begin with MK_F_NONE. */
enum mk_field mk_fields_next(const struct mk_fields *f, enum mk_field number);

MK_MUST_USE bool mk_fields_has(const struct mk_fields *f,
                               enum mk_field number);
/* Borrowed until f changes; NULL when not set. */
const struct mk_value *mk_fields_get(const struct mk_fields *f,
                                     enum mk_field number);

/* Short cuts: 0 / MK_DAY_NONE / NULL when not set. */
unsigned mk_fields_code(const struct mk_fields *f, enum mk_field number);
uint64_t mk_fields_codes(const struct mk_fields *f, enum mk_field number);
uint64_t mk_fields_number(const struct mk_fields *f, enum mk_field number);
mk_day mk_fields_day(const struct mk_fields *f, enum mk_field number);
mk_day mk_fields_last_day(const struct mk_fields *f, enum mk_field number);
const struct mk_buf *mk_fields_text(const struct mk_fields *f,
                                    enum mk_field number);
/* TAG, MEMBER: the 16 bytes; NULL when not set. */
const uint8_t *mk_fields_id(const struct mk_fields *f, enum mk_field number);

/* Sets or replaces a copy of value (value->number is not looked at). */
MK_MUST_USE enum mk_err mk_fields_put(struct mk_fields *f,
                                      enum mk_field number,
                                      const struct mk_value *value);
/* Sets or replaces, by type of the key; the value is not judged. */
MK_MUST_USE enum mk_err mk_fields_set_code(struct mk_fields *f,
                                           enum mk_field number,
                                           unsigned code);
MK_MUST_USE enum mk_err mk_fields_set_day(struct mk_fields *f,
                                          enum mk_field number, mk_day day);
/* TAG: the dossier that core found for the 35 bits; MEMBER. */
MK_MUST_USE enum mk_err mk_fields_set_id(struct mk_fields *f,
                                         enum mk_field number,
                                         const uint8_t id[static 16]);
/* Takes the value away and wipes it. */
void mk_fields_unset(struct mk_fields *f, enum mk_field number);

#endif
