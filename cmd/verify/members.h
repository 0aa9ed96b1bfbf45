/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The members part of a keyring, read and proven once more by the page
 * FORMAT-keyring: form, chain of hashes, signatures, rules.
 *
 *   members_text.c    the lines of one statement
 *   members_rules.c   which statement may come now, and by whom
 *   members_people.c  who there is, in which role, since when
 *   members_keys.c    secrets that change; recovery
 *   members_name.c    what a name is
 *   members.c         the document, and questions to it
 */
#ifndef MK_CMD_VERIFY_MEMBERS_H
#define MK_CMD_VERIFY_MEMBERS_H

#include <string.h>

#include "crypto/hash.h"

enum {
    MK_VF_NOBODY = 0,
#define MK_ROLE(number, NAME, slug, nl, en) MK_VF_##NAME = number,
#include "core/defs/roles.def"
#undef MK_ROLE
    MK_VF_ROLES
};
#define MK_VF_BIT(role) (1u << (role))

enum { MK_VF_DBK = 1, MK_VF_RD, MK_VF_RS, MK_VF_RL, MK_VF_SECRETS };

enum mk_vf_why {
    MK_VF_FINE = 0,
#define MK_VF_WHY(name, nl, en) MK_VF_WHY_##name,
#include "cmd/verify/why.def"
#undef MK_VF_WHY
};
const char *mk_vf_why_text(enum mk_vf_why why, bool english); /* "" if fine */

#define MK_VF_MEMBERS_MAX ((size_t)4 << 20)

struct mk_vf_role {
    uint64_t certified; /* serial; 0: not, or revoked */
    uint8_t certified_by[MK_ID];
    unsigned wrapped; /* bits of secrets, in their newest generation */
};

enum mk_vf_standing { MK_VF_ACTIVE, MK_VF_SUSPENDED, MK_VF_OUT };

/* The roles that somebody holds from that serial on. */
struct mk_vf_span {
    uint64_t serial;
    unsigned roles;
};

struct mk_vf_member {
    uint8_t id[MK_ID];
    char name[65];
    uint8_t folded[MK_HASH]; /* of the name without case */
    uint8_t box[MK_PK], sign[MK_PK];
    uint64_t serial; /* that certified him first */
    struct mk_vf_role role[MK_VF_ROLES];
    enum mk_vf_standing standing;
    unsigned except; /* roles that he may have together; 0: none */
    uint8_t except_by[MK_ID];
    bool has_dbk; /* in its newest generation, by whatever role */
    struct mk_vf_span *span;
    size_t n_spans;
    uint64_t slot_counter, slot2_counter;
    bool has_slot2;
};

/* A generation of R_L: the log's two keys. */
struct mk_vf_log_key {
    uint64_t serial; /* of the statement that made it */
    uint8_t box[MK_PK], sign[MK_PK];
};

/* Recovery cards: the key whose secret was shared. */
struct mk_vf_set {
    uint64_t number; /* 0: none */
    uint8_t id[MK_ID], maker[MK_ID];
    uint8_t box[MK_PK], sign[MK_PK];
    unsigned escrowed; /* bits of secrets, in their newest generation */
};

/* A key id that was used. */
struct mk_vf_key_id {
    uint8_t id[MK_ID];
};

/* A rotation that is not complete. */
struct mk_vf_rotation {
    unsigned secret; /* 0: none */
    uint8_t by[MK_ID];
    size_t at; /* of the members, who is to be wrapped next; n: the escrow */
};

struct mk_vf_members {
    uint8_t store[MK_ID];
    char origin[129];
    uint8_t founder[MK_ID];
    bool opened;
    struct mk_vf_log_key *log_key; /* the newest last */
    size_t n_log_keys;
    struct {
        uint64_t generation; /* 0: not known yet */
        uint8_t id[MK_ID];
    } secret[MK_VF_SECRETS];
    struct mk_vf_key_id *used; /* by secrets that were rotated */
    size_t n_used;
    struct mk_vf_set stated, in_force, before; /* the newest of each */
    bool accepted; /* `stated`, by `accept-2`: it waits until it is whole */
    bool accepts_late; /* there was an `accept-2`: `accept` is over */
    struct mk_vf_rotation rotation;
    /* from `recover` to the next share, and on to its last escrow */
    bool recovering, resharing;
    uint64_t recover_serial; /* of the newest `recover` */
    struct mk_vf_member *member;
    size_t n, cap;
    uint8_t (*hash)[MK_HASH]; /* [s]: members_hash at serial s */
    size_t hash_cap;
    uint64_t serial;    /* of the last statement that is proven */
    enum mk_vf_why why; /* of the next one, when it is not */
};

/*
 * Reads and proves statement by statement, as far as they are good.
 * Owns: mk_vf_members_release.  Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_vf_members_parse(struct mk_vf_members *m,
                                            const void *text, size_t n);
void mk_vf_members_release(struct mk_vf_members *m);

const struct mk_vf_member *mk_vf_member(const struct mk_vf_members *m,
                                        const uint8_t id[static MK_ID]);
/* The same, if he was certified when serial was the newest. */
const struct mk_vf_member *mk_vf_member_at(const struct mk_vf_members *m,
                                           const uint8_t id[static MK_ID],
                                           uint64_t serial);
/* Bits of the roles that he held when serial was the newest. */
unsigned mk_vf_roles_at(const struct mk_vf_member *who, uint64_t serial);
/* The keys of the log when serial was the newest; NULL: none yet. */
const struct mk_vf_log_key *mk_vf_log_key_at(const struct mk_vf_members *m,
                                             uint64_t serial);

/* ---- for members_*.c ---- */

enum mk_vf_type {
    MK_VF_GENESIS = 1,
    MK_VF_LOG_KEY,
    MK_VF_CERTIFY,
    MK_VF_WRAP,
    MK_VF_SLOT,
    MK_VF_OPENED,
    MK_VF_SUSPEND,
    MK_VF_RESUME,
    MK_VF_REVOKE,
    MK_VF_EXCEPT,
    MK_VF_ROTATE,
    MK_VF_SLOT_2,
    MK_VF_SHARE,
    MK_VF_ACCEPT,
    MK_VF_ESCROW,
    MK_VF_DRILL,
    MK_VF_RECOVER,
    MK_VF_ACCEPT_2,
    MK_VF_THEFT,
};

struct mk_vf_person {
    uint8_t id[MK_ID];
    char name[65];
    uint8_t box[MK_PK], sign[MK_PK];
};

#define MK_VF_CUSTODIANS 16
#define MK_VF_SHARES 16

struct mk_vf_statement {
    uint64_t serial;
    enum mk_vf_type type;
    char origin[129];
    size_t n_persons; /* genesis: its custodians; certify: 1 */
    struct mk_vf_person person[MK_VF_CUSTODIANS];
    uint8_t user[MK_ID]; /* whom it is about */
    unsigned roles, role, secret;
    uint64_t generation, counter;
    bool has_slot, slot_is_none;     /* none: its hash is zeros */
    uint8_t key_id[MK_ID];           /* wrap, rotate, escrow */
    uint8_t box[MK_PK], sign[MK_PK]; /* log-key, rotate of it, share */
    uint64_t set, threshold;
    size_t n_shares;
    uint8_t holder[MK_VF_SHARES][MK_ID]; /* zeros: somebody outside */
    uint8_t by[MK_ID], sig[MK_SIG];
    const char *lines; /* borrowed */
    size_t n_lines, n_signed;
};

/* One statement at text, and what is wrong with its form; its length is
 * s->n_lines. */
enum mk_vf_why mk_vf_statement_read(struct mk_vf_statement *s,
                                    const char *text, size_t n);
/* Proves s by the rules and takes in what it says.  *why as above.
 * Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_vf_rules(struct mk_vf_members *m,
                                    const struct mk_vf_statement *s,
                                    enum mk_vf_why *why);
/* Rule 8.  False if it is no name; folded tells names apart. */
MK_MUST_USE bool mk_vf_name_ok(const char *name,
                               uint8_t folded[static MK_HASH]);

#define MK_VF_SECRET_BIT(name) (1u << MK_VF_##name)
#define MK_VF_ALL_SECRETS                                                  \
    (MK_VF_SECRET_BIT(DBK) | MK_VF_SECRET_BIT(RD) | MK_VF_SECRET_BIT(RS) | \
     MK_VF_SECRET_BIT(RL))
/* What a role is there for, as bits of secrets. */
extern const unsigned mk_vf_holds[MK_VF_ROLES];

static inline bool mk_vf_same(const uint8_t a[static MK_ID],
                              const uint8_t b[static MK_ID])
{
    return memcmp(a, b, MK_ID) == 0;
}

struct mk_vf_member *mk_vf_find(struct mk_vf_members *m,
                                const uint8_t id[static MK_ID]);
/* Bits of the roles that he holds now; of the secrets by them. */
unsigned mk_vf_roles_now(const struct mk_vf_member *who);
unsigned mk_vf_held(const struct mk_vf_member *who);
/* What p holds by what was stated up to serial.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_vf_settle(struct mk_vf_member *p, uint64_t serial);
/* The whole statement, by its rules; mk_vf_rules has looked who may speak. */
MK_MUST_USE enum mk_err mk_vf_rule_genesis(struct mk_vf_members *m,
                                           const struct mk_vf_statement *s,
                                           enum mk_vf_why *why);
MK_MUST_USE enum mk_err mk_vf_rule_certify(struct mk_vf_members *m,
                                           const struct mk_vf_statement *s,
                                           enum mk_vf_why *why);
MK_MUST_USE enum mk_err mk_vf_rule_wrap(struct mk_vf_members *m,
                                        const struct mk_vf_statement *s,
                                        enum mk_vf_why *why);
MK_MUST_USE enum mk_err mk_vf_rule_standing(struct mk_vf_members *m,
                                            const struct mk_vf_statement *s,
                                            enum mk_vf_why *why);
enum mk_vf_why mk_vf_rule_except(struct mk_vf_members *m,
                                 const struct mk_vf_statement *s);
MK_MUST_USE enum mk_err mk_vf_rule_log_key(struct mk_vf_members *m,
                                           const struct mk_vf_statement *s,
                                           enum mk_vf_why *why);
MK_MUST_USE enum mk_err mk_vf_rule_rotate(struct mk_vf_members *m,
                                          const struct mk_vf_statement *s,
                                          enum mk_vf_why *why);
enum mk_vf_why mk_vf_rule_rotate_wrap(struct mk_vf_members *m,
                                      const struct mk_vf_statement *s);
enum mk_vf_why mk_vf_rule_recovery(struct mk_vf_members *m,
                                   const struct mk_vf_statement *s);
/* Has p the id or a key of a set in force or proposed? */
MK_MUST_USE bool mk_vf_is_of_set(const struct mk_vf_members *m,
                                 const struct mk_vf_person *p);
/* The recovery key that id names, of the set in force or the one before it;
 * NULL: none. */
const struct mk_vf_set *mk_vf_set_of(const struct mk_vf_members *m,
                                     const uint8_t id[static MK_ID]);

#endif
