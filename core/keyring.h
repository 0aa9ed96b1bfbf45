/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who holds what: one readable text document of two parts.
 *
 *   members   append-only statements, each with a serial and a signature:
 *             genesis (origin, custodians, 32 random bytes), log-key (public
 *             halves of R_L), certify (a custodian vouches for person, roles,
 *             public keys), wrap (a role secret sealed to a member), slot
 *             (which passphrase slot of his a member has from now on), opened
 *             (the end of genesis); then also suspend, resume, revoke, except
 *             (people come and go) and rotate (a new role secret)
 *   slots     replaceable: the passphrase slot of each member, signed by
 *             himself, and the very one that the members part states last
 *
 * Store id = first 16 bytes of SHA-256 over the genesis statement.  Granting
 * a role takes two: a custodian certifies, a holder of the role wraps.
 * A keyring that was parsed is proven: every signature, every rule.
 * The byte layout stands in docs/FORMAT-keyring.md.  Source: CRYPTO "Who holds what".
 */
#ifndef MK_CORE_KEYRING_H
#define MK_CORE_KEYRING_H

#include "core/base/buf.h"
#include "core/words.h"
#include "crypto/crypto.h"
#include "crypto/kdf.h"
#include "crypto/secret.h"
#include "crypto/shares.h"

enum mk_role {
    MK_ROLE_NONE = 0,
#define MK_ROLE(number, NAME, slug, nl, en) MK_ROLE_##NAME = number,
#include "core/defs/roles.def"
#undef MK_ROLE
    MK_ROLE_MAX = 8
};
const char *mk_role_slug(enum mk_role r); /* "inspector" */
const char *mk_role_label(enum mk_role r, bool english);
enum mk_role mk_role_find(const char *slug, size_t n); /* nl or en */
#define MK_ROLE_BIT(r) (1u << (r))
/* inspector+auditor, custodian+inspector, custodian+auditor exclude. */
MK_MUST_USE bool mk_roles_compatible(unsigned roles);

/* The secrets of CRYPTO; numbers are stored. */
enum mk_key_kind {
    MK_KEY_DBK = 1, /* 32 bytes; everybody */
    MK_KEY_RD = 2,  /* 32; inspector */
    MK_KEY_RS = 3,  /* 32; inspector, analyst */
    MK_KEY_RL = 4,  /* 64: X25519 secret | Ed25519 seed; auditor */
    MK_KEY_KINDS = 5
};
const char *mk_key_slug(enum mk_key_kind kind); /* "rd" */
/* Bit set (1 << kind) of what a role holds. */
unsigned mk_role_keys(enum mk_role r);

#define MK_NAME_MAX 64 /* bytes of a member's name, without NUL */
#define MK_ORIGIN_MAX 128
#define MK_KEYRING_MAX ((size_t)4 << 20)

/*
 * What diag->place says when a keyring is refused; diag->num[0] is the serial
 * (0: header or slots), diag->line the line of the document.
 */
#define MK_WHY_FORM "keyring: form"
#define MK_WHY_SIZE "keyring: size"
#define MK_WHY_SERIAL "keyring: serial"
#define MK_WHY_VERSION "keyring: version"
#define MK_WHY_TYPE "keyring: type"
#define MK_WHY_SIGNATURE "keyring: signature"
#define MK_WHY_SIGNER "keyring: unknown signer"
#define MK_WHY_GENESIS "keyring: genesis"
#define MK_WHY_FOUNDER "keyring: not by the first custodian"
#define MK_WHY_CUSTODIAN "keyring: not by a custodian"
#define MK_WHY_WRAP_CUSTODIAN "keyring: wrap by a custodian"
#define MK_WHY_HOLDER "keyring: wrap by somebody without the key"
#define MK_WHY_TWO_PEOPLE "keyring: one person did the work of two"
#define MK_WHY_ROLES "keyring: roles exclude each other"
#define MK_WHY_UNCERTIFIED "keyring: wrap for somebody not certified"
#define MK_WHY_KIND "keyring: wrap of another role's key"
#define MK_WHY_KEY "keyring: another key"
#define MK_WHY_NAME "keyring: name"
#define MK_WHY_TWICE "keyring: stated twice"
#define MK_WHY_OPENED "keyring: end of genesis"
#define MK_WHY_SLOT "keyring: slot"
#define MK_WHY_SLOT_SIGNATURE "keyring: signature of a slot"
#define MK_WHY_SLOT_COST "keyring: cost of a slot"
#define MK_WHY_SLOT_USER "keyring: slot stated by somebody else"
#define MK_WHY_SLOT_COUNTER "keyring: counter of a slot"
#define MK_WHY_SLOT_HASH "keyring: hash of a slot"
#define MK_WHY_SLOT_OLD "keyring: not the newest slot"
#define MK_WHY_SHARE "keyring: set of recovery cards"
#define MK_WHY_ESCROW "keyring: a set that does not open everything"
#define MK_WHY_RECOVERY_KEY "keyring: not by the recovery key"
#define MK_WHY_RECOVERY "keyring: a recovery that is not complete"
#define MK_WHY_STANDING "keyring: suspended or out"
#define MK_WHY_LAST "keyring: last holder of a role"
#define MK_WHY_ROTATION "keyring: wraps of a new key not complete"

struct mk_member {
    uint8_t id[MK_ID];
    char name[MK_NAME_MAX + 1];
    unsigned certified; /* MK_ROLE_BITs */
    uint8_t box[MK_PK];
    uint8_t sign[MK_PK];
    uint64_t serial; /* of the statement that certified him first */
    uint8_t certified_by[MK_ID];
};

/* What somebody has who unlocked: his own two keys. */
struct mk_identity {
    uint8_t id[MK_ID];
    struct mk_secret *box;  /* X25519, 32 */
    struct mk_secret *seed; /* Ed25519 seed, 32 */
    struct mk_secret *sign; /* Ed25519, 64, made of seed */
};
void mk_identity_release(struct mk_identity *who); /* NULL, empty: fine */

struct mk_keyring;
void mk_keyring_free(struct mk_keyring *k);

/*
 * Parses and proves.  Errors: E_DAMAGED (not canonical, bad signature, a
 * statement by somebody who may not make it), E_NEWER (unknown format or
 * statement), each with the serial in diag->num[0]; E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_keyring_parse(struct mk_keyring **out,
                                         const void *text, size_t n,
                                         struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_keyring_format(const struct mk_keyring *k,
                                          struct mk_buf *out);
/* The members part of that: all bytes before `slots:`. */
MK_MUST_USE enum mk_err mk_keyring_format_members(const struct mk_keyring *k,
                                                  struct mk_buf *out);
MK_MUST_USE enum mk_err mk_keyring_copy(struct mk_keyring **out,
                                        const struct mk_keyring *k);

const uint8_t *mk_keyring_store(const struct mk_keyring *k); /* 16 bytes */
const char *mk_keyring_origin(const struct mk_keyring *k);
uint64_t mk_keyring_serial(const struct mk_keyring *k); /* of the newest */
/* What a head signs: members by a hash chain, one link a statement; slots by
 * SHA-256 over their bytes. */
void mk_keyring_members_hash(const struct mk_keyring *k,
                             uint8_t out[static MK_HASH]);
void mk_keyring_slots_hash(const struct mk_keyring *k,
                           uint8_t out[static MK_HASH]);
/* members_hash as it was when serial was the newest; false: no such. */
MK_MUST_USE bool mk_keyring_members_hash_at(const struct mk_keyring *k,
                                            uint64_t serial,
                                            uint8_t out[static MK_HASH]);

size_t mk_keyring_count(const struct mk_keyring *k);
const struct mk_member *mk_keyring_member(const struct mk_keyring *k,
                                          size_t i);
const struct mk_member *mk_keyring_by_name(const struct mk_keyring *k,
                                           const char *name);
const struct mk_member *mk_keyring_by_id(const struct mk_keyring *k,
                                         const uint8_t id[static MK_ID]);
/* MK_ROLE_BITs: certified and holding every secret of the role, as of serial.
 */
unsigned mk_keyring_roles_at(const struct mk_keyring *k,
                             const uint8_t id[static MK_ID], uint64_t serial);
/* Is role among them? */
MK_MUST_USE bool mk_keyring_has_role(const struct mk_keyring *k,
                                     const uint8_t id[static MK_ID],
                                     enum mk_role role, uint64_t serial);
/* Was role among them at any serial up to this one?  What was signed then
 * stays true when it has ended since. */
MK_MUST_USE bool mk_keyring_had_role(const struct mk_keyring *k,
                                     const uint8_t id[static MK_ID],
                                     enum mk_role role, uint64_t serial);
/* mk_keyring_roles_at the newest serial. */
unsigned mk_keyring_roles(const struct mk_keyring *k,
                          const uint8_t id[static MK_ID]);
/* Public halves of R_L: everybody writes log entries, auditors read. */
void mk_keyring_log_keys(const struct mk_keyring *k, uint8_t box[static MK_PK],
                         uint8_t sign[static MK_PK]);

/* Whether somebody may come in.  Who is out stays out. */
enum mk_standing {
    MK_STANDING_ACTIVE,
    MK_STANDING_SUSPENDED, /* for a time; his roles wait for him */
    MK_STANDING_OUT        /* his last role was revoked */
};
/* OUT for a stranger. */
enum mk_standing mk_keyring_standing(const struct mk_keyring *k,
                                     const uint8_t id[static MK_ID]);
/*
 * Bits (1 << kind) of the kinds whose newest generation somebody knows who may
 * not hold it any more: he is out, or the role ended.  Until a rotate.  Who
 * is suspended does not count: he may come back.
 */
unsigned mk_keyring_stale(const struct mk_keyring *k);
/* What he knows of that, or would once these roles of his ended, too. */
unsigned mk_keyring_stale_by(const struct mk_keyring *k,
                             const uint8_t id[static MK_ID], unsigned roles);
/*
 * Bits of the kinds whose newest generation was there when a theft was stated
 * last: whoever has a copy of that day, and a secret of somebody, may know
 * them.  Until a rotate of each.
 */
unsigned mk_keyring_stolen(const struct mk_keyring *k);
/* What he can replace of that: he holds it by an effective role. */
unsigned mk_keyring_stolen_of(const struct mk_keyring *k,
                              const uint8_t id[static MK_ID]);
/* The number of the newest generation, from 1. */
uint32_t mk_keyring_generation(const struct mk_keyring *k,
                               enum mk_key_kind kind);
/* False: there is no such generation. */
MK_MUST_USE bool mk_keyring_key_id_at(const struct mk_keyring *k,
                                      enum mk_key_kind kind,
                                      uint32_t generation,
                                      uint8_t key_id[static MK_ID]);
MK_MUST_USE bool mk_keyring_log_keys_at(const struct mk_keyring *k,
                                        uint32_t generation,
                                        uint8_t box[static MK_PK],
                                        uint8_t sign[static MK_PK]);

/* Cost and age of somebody's slot.  False: no such member. */
struct mk_slot_info {
    struct mk_argon2_cost cost;
    uint64_t counter; /* 1 + how often the passphrase was changed */
    bool has_second;  /* a second passphrase */
    uint64_t second;  /* how often that was set or taken away */
};
MK_MUST_USE bool mk_keyring_slot_info(const struct mk_keyring *k,
                                      const uint8_t id[static MK_ID],
                                      struct mk_slot_info *out);

/* --- recovery: questions --- */

struct mk_recovery_set {
    uint32_t number; /* 0: there is none */
    unsigned threshold, n;
    /* of the cards 1..n, a member; zeros: somebody outside */
    uint8_t holder[MK_SHARES_MOST][MK_ID];
    uint64_t serial;   /* of the statement that made it */
    uint8_t by[MK_ID]; /* a member, or the recovery key before it */
};
struct mk_recovery_facts {
    struct mk_recovery_set in_force;
    struct mk_recovery_set proposed; /* a second custodian has to accept it */
    bool accepted; /* he has: it is in force when it is whole, and until then
                      the one in force stays so */
    unsigned missing; /* 1 << kind: not with the set in force in its newest
                         generation; 0 with a set: it opens everything */
    unsigned accepted_missing; /* the same of the set that was accepted */
    int64_t drill_ms;          /* of the newest drill; 0: never drilled */
    uint32_t drill_set;
};
void mk_keyring_recovery_facts(const struct mk_keyring *k,
                               struct mk_recovery_facts *out);

/* --- making --- */

struct mk_card; /* core/card.h */

/* So many recovery cards, and who gets which. */
struct mk_share_plan {
    unsigned threshold, n;              /* 2 <= threshold <= n <= 16 */
    const char *holder[MK_SHARES_MOST]; /* a member; NULL: somebody outside */
};
/* Are its numbers so? */
MK_MUST_USE bool mk_share_plan_fits(const struct mk_share_plan *plan);

struct mk_first_member {
    const char *name;
    enum mk_role role;
    const struct mk_secret *passphrase;
};
/*
 * A new keyring with its first members, all secrets made here; the first
 * custodian signs.  people[0..n) needs at least one of each role; the same
 * name may not occur twice.  identities[i] and secrets (index: enum
 * mk_key_kind) are new: init's own transaction uses them, then they go.
 * plan: recovery cards from the start; cards[0..plan->n) are new, and the
 * caller releases them.  NULL, NULL: none.
 * Errors: E_USAGE (place says which role lacks or which name is bad).
 */
MK_MUST_USE enum mk_err mk_keyring_create(
    struct mk_keyring **out, const char *origin,
    const struct mk_first_member *people, size_t n,
    struct mk_identity *identities,
    struct mk_secret *secrets[static MK_KEY_KINDS],
    uint8_t key_ids[static MK_KEY_KINDS][MK_ID],
    const struct mk_share_plan *plan, struct mk_card *cards,
    struct mk_diag *diag);

/*
 * Opens a slot of his, the first before the second.  Errors: E_SUSPENDED,
 * E_OUT (before any derivation); E_LOCKED for a wrong passphrase; E_DAMAGED.
 */
MK_MUST_USE enum mk_err mk_keyring_unlock(const struct mk_keyring *k,
                                          const struct mk_member *m,
                                          const struct mk_secret *passphrase,
                                          struct mk_identity *out,
                                          struct mk_diag *diag);
/* Opens the newest wrap of kind that is addressed to who.
 * Errors: E_NO_ROLE when there is none. */
MK_MUST_USE enum mk_err mk_keyring_unwrap(
    const struct mk_keyring *k, const struct mk_identity *who,
    enum mk_key_kind kind, struct mk_secret **out,
    uint8_t key_id[static MK_ID], uint32_t *generation, struct mk_diag *diag);
/*
 * The secret of an earlier generation, for who has the newest: opened along
 * the chain.  Errors: E_NO_ROLE; E_NOT_FOUND (no such generation; of DBK none
 * but the newest); E_DAMAGED.
 */
MK_MUST_USE enum mk_err mk_keyring_unwrap_at(
    const struct mk_keyring *k, const struct mk_identity *who,
    enum mk_key_kind kind, uint32_t generation, struct mk_secret **out,
    uint8_t key_id[static MK_ID], struct mk_diag *diag);
/* One step of that: secret is of this generation, *out (new) of the one
 * before.  Errors: E_NOT_FOUND, E_DAMAGED. */
MK_MUST_USE enum mk_err mk_keyring_older(const struct mk_keyring *k,
                                         enum mk_key_kind kind,
                                         uint32_t generation,
                                         const struct mk_secret *secret,
                                         struct mk_secret **out,
                                         struct mk_diag *diag);

/* A request: made by the person, without any right.  Text, self-signed. */
MK_MUST_USE enum mk_err mk_request_make(const struct mk_keyring *k,
                                        const char *name,
                                        const struct mk_secret *passphrase,
                                        struct mk_buf *out,
                                        struct mk_diag *diag);
/* Who asks: name, id and keys, for the fingerprint, before anybody is
 * admitted.  Errors: as mk_keyring_admit. */
#define MK_REQUEST_MAX 8192
MK_MUST_USE enum mk_err mk_request_read(const struct mk_keyring *k,
                                        const void *request, size_t n,
                                        struct mk_member *out,
                                        struct mk_diag *diag);
/* Fingerprint to read out: eight groups of four hex digits of
 * SHA-256(name | both public keys). */
void mk_member_fingerprint(const struct mk_member *m, char out[static 40]);
/* The same 128 bits as words, for the telephone. */
void mk_member_words(const struct mk_member *m,
                     const char *out[static MK_WORDS]);

/* A custodian (by) certifies the person of the request for roles and takes
 * his slot in.  Errors: E_SYNTAX, E_EXISTS (name or key), E_ROLE_CONFLICT,
 * E_TOO_LARGE, E_NEWER, E_NO_ROLE when by is no custodian. */
MK_MUST_USE enum mk_err mk_keyring_admit(struct mk_keyring *k,
                                         const struct mk_identity *by,
                                         const void *request, size_t n,
                                         unsigned roles,
                                         struct mk_member *admitted,
                                         struct mk_diag *diag);
/* A custodian certifies one more role of somebody known. */
MK_MUST_USE enum mk_err mk_keyring_certify(struct mk_keyring *k,
                                           const struct mk_identity *by,
                                           const uint8_t id[static MK_ID],
                                           unsigned roles,
                                           struct mk_diag *diag);
/*
 * A holder of the role (by) wraps its secrets, and DBK, to the member.  For
 * custodian any member who is no custodian and did not certify wraps DBK.
 * Errors: E_NO_ROLE (by does not hold it), E_TWO_PEOPLE, E_ROLE_CONFLICT,
 * E_NOT_FOUND (not certified for that role), E_EXISTS (has it),
 * E_MEMBER_SUSPENDED, E_MEMBER_OUT.
 */
MK_MUST_USE enum mk_err mk_keyring_grant(struct mk_keyring *k,
                                         const struct mk_identity *by,
                                         const uint8_t id[static MK_ID],
                                         enum mk_role role,
                                         struct mk_diag *diag);
/*
 * A custodian (by) takes all roles from somebody else for a time, gives them
 * back, ends some of them for good, or allows roles together that exclude each
 * other (another custodian certifies).  Each: serial + 1.
 * Errors: E_NO_ROLE (by is no custodian), E_SELF, E_NOT_FOUND (no member),
 * E_ROLE_ABSENT (revoke: he has not got it), E_MEMBER_OUT, E_MEMBER_SUSPENDED (already), E_MEMBER_ACTIVE
 * (nothing to resume), E_LAST_HOLDER (revoke: place is the role),
 * E_NO_CONFLICT (except: they do not exclude each other).
 */
MK_MUST_USE enum mk_err mk_keyring_suspend(struct mk_keyring *k,
                                           const struct mk_identity *by,
                                           const uint8_t id[static MK_ID],
                                           struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_keyring_resume(struct mk_keyring *k,
                                          const struct mk_identity *by,
                                          const uint8_t id[static MK_ID],
                                          struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_keyring_revoke(struct mk_keyring *k,
                                          const struct mk_identity *by,
                                          const uint8_t id[static MK_ID],
                                          unsigned roles,
                                          struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_keyring_except(struct mk_keyring *k,
                                          const struct mk_identity *by,
                                          const uint8_t id[static MK_ID],
                                          unsigned roles,
                                          struct mk_diag *diag);
/* States that keys may have been stolen; by any member who is in. */
MK_MUST_USE enum mk_err mk_keyring_theft(struct mk_keyring *k,
                                         const struct mk_identity *by,
                                         struct mk_diag *diag);
/*
 * A new secret of a kind, and the wraps of it to all who hold it now, stated
 * by one who does; old is the newest so far.  *fresh is new and the caller's.
 * The generations before stay open to who has the new one, but not DBK.
 * Errors: E_NO_ROLE (by does not hold it, or old is another), E_TOO_LARGE.
 */
MK_MUST_USE enum mk_err mk_keyring_rotate(
    struct mk_keyring *k, const struct mk_identity *by, enum mk_key_kind kind,
    const struct mk_secret *old, struct mk_secret **fresh,
    uint8_t key_id[static MK_ID], uint32_t *generation, struct mk_diag *diag);
/*
 * Replaces the slot of who with this number (1 or 2), or makes the second,
 * and states so: serial + 1.  Errors: E_NOT_FOUND (no member), E_NO_ROLE
 * (other keys than his), E_MISSING_KEY (an empty passphrase), E_TOO_LARGE.
 */
MK_MUST_USE enum mk_err mk_keyring_set_slot(struct mk_keyring *k,
                                            const struct mk_identity *who,
                                            unsigned number,
                                            const struct mk_secret *passphrase,
                                            struct mk_diag *diag);
/* Takes the second away.  Errors: E_NOT_FOUND (he has none), E_NO_ROLE. */
MK_MUST_USE enum mk_err mk_keyring_drop_slot(struct mk_keyring *k,
                                             const struct mk_identity *who,
                                             struct mk_diag *diag);

/* --- recovery: making --- */

/*
 * A custodian proposes a new set; cards[0..plan->n) are its cards, and exist
 * nowhere else.  Owns: the caller releases cards.
 * Errors: E_NO_ROLE, E_USAGE (plan), E_NOT_FOUND (a holder).
 */
MK_MUST_USE enum mk_err mk_keyring_share(struct mk_keyring *k,
                                         const struct mk_identity *by,
                                         const struct mk_share_plan *plan,
                                         struct mk_card *cards,
                                         struct mk_diag *diag);
/* Another custodian puts the proposed set in force.  Errors: E_NO_ROLE,
 * E_NOT_FOUND (nothing is proposed), E_TWO_PEOPLE. */
MK_MUST_USE enum mk_err mk_keyring_accept(struct mk_keyring *k,
                                          const struct mk_identity *by,
                                          struct mk_diag *diag);
/*
 * A holder puts every secret he holds with the set in force that is not there
 * yet.  *kinds: bits of those.  Errors: E_NO_CARDS, E_NO_ROLE (he holds none),
 * E_EXISTS (all his are there).
 */
MK_MUST_USE enum mk_err mk_keyring_escrow(struct mk_keyring *k,
                                          const struct mk_identity *by,
                                          unsigned *kinds,
                                          struct mk_diag *diag);

/* What enough cards give: the recovery key, and what lies with it. */
struct mk_recovery {
    struct mk_identity who;               /* of nobody */
    struct mk_secret *keys[MK_KEY_KINDS]; /* NULL: not with this set */
    uint8_t key_ids[MK_KEY_KINDS][MK_ID];
    uint32_t key_gens[MK_KEY_KINDS];
};
void mk_recovery_release(struct mk_recovery *r); /* empty: fine */
/*
 * Do these cards go together, and with the set in force, enough or not?
 * what[i] names cards[i] in a refusal.
 * Errors: E_NO_CARDS, E_CARD_VAULT, E_CARD_SET, E_CARD_BAD, E_CARD_TWICE.
 */
MK_MUST_USE enum mk_err mk_keyring_cards_check(const struct mk_keyring *k,
                                               const struct mk_card *cards,
                                               const char *const *what,
                                               size_t n, struct mk_diag *diag);
/*
 * Combines n cards of the set in force.  Each is proven by its check code
 * first, the outcome by the public key.  what[i] names cards[i] in a refusal.
 * Owns: the caller releases out, also after an error.
 * Errors: as mk_keyring_cards_check; E_CARD_FEW, E_DAMAGED.
 */
MK_MUST_USE enum mk_err mk_keyring_combine(const struct mk_keyring *k,
                                           const struct mk_card *cards,
                                           const char *const *what, size_t n,
                                           struct mk_recovery *out,
                                           struct mk_diag *diag);
/* E_NOT_WHOLE with a role that holds what is missing, and the set. */
MK_MUST_USE enum mk_err mk_keyring_need_whole(const struct mk_keyring *k,
                                              struct mk_diag *diag);
/* A new set by the key of the one in force, whole from the start.
 * Errors: E_NOT_WHOLE and as mk_keyring_share. */
MK_MUST_USE enum mk_err mk_keyring_reshare(struct mk_keyring *k,
                                           const struct mk_recovery *r,
                                           const struct mk_share_plan *plan,
                                           struct mk_card *cards,
                                           struct mk_diag *diag);
/* States that the cards opened everything at that moment.
 * Errors: E_NOT_WHOLE. */
MK_MUST_USE enum mk_err mk_keyring_drill(struct mk_keyring *k,
                                         const struct mk_recovery *r,
                                         int64_t at_ms, struct mk_diag *diag);
/*
 * The recovery key certifies the person of the request for roles, wraps their
 * secrets to him and makes the next set.  Errors: as mk_keyring_admit, and
 * E_NOT_WHOLE.
 */
MK_MUST_USE enum mk_err mk_keyring_recover(
    struct mk_keyring *k, const struct mk_recovery *r, const void *request,
    size_t n, unsigned roles, const struct mk_share_plan *plan,
    struct mk_card *cards, struct mk_member *recovered, struct mk_diag *diag);

#endif
