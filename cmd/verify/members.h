/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The members part of a keyring, read and proven once more by the page
 * FORMAT-keyring: form, chain of hashes, signatures, rules.
 *
 *   members_text.c    the lines of one statement
 *   members_rules.c   who may state what
 *   members.c         the document, and questions to it
 */
#ifndef MK_CMD_VERIFY_MEMBERS_H
#define MK_CMD_VERIFY_MEMBERS_H

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
    uint64_t certified; /* serial; 0: not */
    uint8_t certified_by[MK_ID];
    unsigned wrapped;   /* bits of secrets */
    uint64_t effective; /* serial; 0: not */
};

struct mk_vf_member {
    uint8_t id[MK_ID];
    char name[65];
    uint8_t folded[MK_HASH]; /* of the name without case */
    uint8_t box[MK_PK], sign[MK_PK];
    uint64_t serial; /* that certified him first */
    struct mk_vf_role role[MK_VF_ROLES];
    uint64_t slot_counter;
};

struct mk_vf_members {
    uint8_t store[MK_ID];
    char origin[129];
    uint8_t founder[MK_ID];
    bool opened, has_log_key;
    uint8_t log_box[MK_PK], log_sign[MK_PK];
    struct {
        bool known;
        uint8_t id[MK_ID];
    } secret[MK_VF_SECRETS];
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

/* ---- for members_*.c ---- */

enum mk_vf_type {
    MK_VF_GENESIS = 1,
    MK_VF_LOG_KEY,
    MK_VF_CERTIFY,
    MK_VF_WRAP,
    MK_VF_SLOT,
    MK_VF_OPENED,
};

struct mk_vf_person {
    uint8_t id[MK_ID];
    char name[65];
    uint8_t box[MK_PK], sign[MK_PK];
};

#define MK_VF_CUSTODIANS 16

struct mk_vf_statement {
    uint64_t serial;
    enum mk_vf_type type;
    char origin[129];
    size_t n_persons; /* genesis: its custodians; certify: 1 */
    struct mk_vf_person person[MK_VF_CUSTODIANS];
    uint8_t user[MK_ID]; /* certify, wrap, slot */
    unsigned roles, role, secret;
    uint64_t generation, counter;
    bool has_slot;
    uint8_t key_id[MK_ID], box[MK_PK], sign[MK_PK]; /* wrap; log-key */
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

#endif
