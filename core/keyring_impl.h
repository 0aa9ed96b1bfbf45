/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of a keyring, for the keyring_*.c files, request.c and tests.
 *
 *   keyring_lines.c   lines `key: value` and back
 *   keyring_text.c    statements and slots to text and back (form only)
 *   keyring_rules.c   who may state what: the order of statements, slots; it
 *                     hands on to
 *   keyring_people.c  genesis, certify
 *   keyring_standing.c suspend, resume, revoke, except
 *   keyring_keys.c    log-key, wrap, generations
 *   keyring_rotate.c  rotate and what follows at once; older generations
 *   keyring_roles.c   which roles follow from that, at which serial
 *   keyring_recovery.c  share, accept, accept-2, escrow, drill, recover; form in
 *                     keyring_recovery_text.c
 *   keyring_gate.c    signatures; the one gate for statements read and made
 *   keyring_parse.c   the document: parse, format, copy, free
 *   keyring.c         questions to a proven keyring
 *   keyring_wrap.c    sealed boxes with role secrets
 *   keyring_slot.c    passphrase slots
 *   keyring_create.c  a new keyring
 *   keyring_make.c    certify, admit, grant, suspend, ..., a new passphrase
 *   request.c         a person asks to be admitted
 *
 * Reading and making go through the same gate: mk_kr_apply proves signature
 * and rules of one statement and only then appends it, so nothing can be made
 * here that would be refused there.  The bytes: docs/FORMAT.md.
 */
#ifndef MK_CORE_KEYRING_IMPL_H
#define MK_CORE_KEYRING_IMPL_H

#include "core/keyring_lines.h"
#include "crypto/envelope.h"
#include "crypto/shares.h"
#include "crypto/sign.h"

#define MK_KR_HEADER "meldkluis-keyring: 1\n"
#define MK_KR_SLOTS "slots:\n"
#define MK_REQUEST_HEADER "meldkluis-request: 1\n"
#define MK_KR_CTX_STATEMENT "meldkluis/statement/v1"
#define MK_KR_CTX_SLOT "meldkluis/slot/v1"
#define MK_KR_CTX_REQUEST "meldkluis/request/v1"

#define MK_KR_CUSTODIANS 16  /* most custodians in a genesis statement */
#define MK_KR_GENERATION 1   /* the first of every kind */
#define MK_KR_SLOT_NUMBERS 2 /* passphrase slots that a member may have */
#define MK_KR_PREFIX 58      /* of the plaintext of a wrap */
#define MK_KR_SECRET_MAX 64
#define MK_KR_BOX_MAX (MK_KR_PREFIX + MK_KR_SECRET_MAX + MK_BOX_OVERHEAD)
#define MK_KR_BUNDLE (64 + MK_ENV_OVERHEAD)
#define MK_KR_PREVIOUS_MAX (MK_KR_SECRET_MAX + MK_ENV_OVERHEAD)

enum mk_kr_type {
    MK_KR_GENESIS = 1,
    MK_KR_LOG_KEY,
    MK_KR_CERTIFY,
    MK_KR_WRAP,
    MK_KR_OPENED,
    MK_KR_SLOT_SET,
    MK_KR_SHARE,
    MK_KR_ACCEPT,
    MK_KR_ESCROW,
    MK_KR_DRILL,
    MK_KR_RECOVER,
    MK_KR_SUSPEND,
    MK_KR_RESUME,
    MK_KR_REVOKE,
    MK_KR_EXCEPT,
    MK_KR_ROTATE,
    MK_KR_SLOT2_SET,
    MK_KR_ACCEPT2,
    MK_KR_THEFT,
};

struct mk_kr_wrap {
    uint64_t serial;
    uint8_t user[MK_ID];
    enum mk_key_kind kind;
    uint32_t generation;
    uint8_t key_id[MK_ID];
    uint8_t box[MK_KR_BOX_MAX];
    size_t n_box;
};

/* A recovery key whose secret was shared, and who has the shares. */
struct mk_kr_set {
    uint32_t number; /* 1, 2, ...; 0: none */
    unsigned threshold;
    unsigned n; /* share[i] is the card with number i + 1 */
    struct {
        uint8_t holder[MK_ID]; /* zeros: somebody outside */
        uint8_t check[MK_ID];  /* of the share: mk_kr_share_check */
    } share[MK_SHARES_MOST];
    uint8_t box[MK_PK];
    uint8_t sign[MK_PK];
    uint8_t id[MK_ID]; /* of the key, where it signs */
    uint8_t by[MK_ID]; /* who stated it, and when */
    uint64_t serial;
    /* role secrets sealed to its key, which is the user; serial 0: none */
    struct mk_kr_wrap escrow[MK_KEY_KINDS];
};

struct mk_kr_person {
    uint8_t id[MK_ID];
    char name[MK_NAME_MAX + 1];
    uint8_t box[MK_PK];
    uint8_t sign[MK_PK];
};

struct mk_kr_statement {
    uint64_t serial;
    enum mk_kr_type type;
    /* genesis */
    char origin[MK_ORIGIN_MAX + 1];
    uint8_t nonce[32];
    size_t n_custodians;
    struct mk_kr_person custodians[MK_KR_CUSTODIANS];
    /* certify: all of it; elsewhere, where it is about somebody: its id */
    struct mk_kr_person person;
    unsigned roles;      /* certify, revoke, except */
    uint32_t generation; /* certify, log-key, wrap, rotate */
    /* log-key; rotate of R_L */
    uint8_t log_box[MK_PK];
    uint8_t log_sign[MK_PK];
    /* wrap; but for role and box also rotate */
    enum mk_role role;
    enum mk_key_kind kind;
    uint8_t key_id[MK_ID];
    uint8_t box[MK_KR_BOX_MAX];
    size_t n_box;
    /* rotate; n is 0 for DBK */
    uint8_t previous[MK_KR_PREVIOUS_MAX];
    size_t n_previous;
    /* slot, slot-2; certify when it is the first of that person */
    bool has_slot;
    uint64_t slot_counter; /* slot; 1 in certify, where it is not written */
    uint8_t slot_hash[MK_HASH];
    /* share: all but what follows from it; accept ... recover: its number */
    struct mk_kr_set set;
    uint64_t at_ms; /* drill */
    /* all */
    uint8_t by[MK_ID];
    uint8_t sig[MK_SIG];
};

struct mk_kr_slot {
    uint8_t user[MK_ID];
    uint16_t number;
    uint64_t counter; /* 1, 2, ...: one more with each replacement */
    struct mk_argon2_cost cost;
    uint8_t salt[MK_ARGON2_SALT];
    uint8_t bundle[MK_KR_BUNDLE];
    uint8_t sig[MK_SIG];
};

struct mk_kr_role {
    uint64_t certified; /* serial; 0: not */
    uint8_t certified_by[MK_ID];
    /* bits of kinds whose newest generation was wrapped for this role */
    unsigned wrapped;
};

/* From this serial on somebody had these roles. */
struct mk_kr_stage {
    uint64_t serial;
    unsigned roles; /* MK_ROLE_BITs */
    size_t before;  /* his stage before that: 1 + its index; 0: none */
};

/* What the members part states last about a slot. */
struct mk_kr_stated {
    uint64_t counter; /* 0: nothing yet */
    uint8_t hash[MK_HASH];
};

struct mk_kr_member {
    struct mk_member m;
    uint8_t name_key[MK_HASH];
    enum mk_standing standing;
    unsigned except; /* MK_ROLE_BITs of the newest exception; 0: none */
    uint8_t except_by[MK_ID];
    struct mk_kr_role role[MK_ROLE_MAX];
    unsigned known; /* kinds whose newest generation was wrapped to him */
    unsigned roles; /* MK_ROLE_BITs that are effective now */
    size_t stage;   /* his newest: 1 + its index; 0: none */
    /* by number of the slot less one */
    struct mk_kr_stated stated[MK_KR_SLOT_NUMBERS];
    struct mk_kr_slot slot[MK_KR_SLOT_NUMBERS];
};

/* What a recovery key has begun and has to end before anybody else goes on. */
enum mk_kr_stage_of_recovery {
    MK_KR_SETTLED,
    MK_KR_RECOVERING, /* behind recover: until the next share */
    MK_KR_SEALING,    /* behind its share: until that set is whole */
};

struct mk_kr_recovery {
    uint32_t newest;           /* number of the set that was stated last */
    struct mk_kr_set set;      /* in force */
    struct mk_kr_set proposed; /* waits for a second custodian, and then ... */
    bool accepted;             /* ... by accept-2: until it is whole */
    bool new_form;             /* an accept-2 was stated: accept is over */
    enum mk_kr_stage_of_recovery stage;
    uint64_t since;           /* RECOVERING: serial of recover */
    uint8_t before_id[MK_ID]; /* SEALING: the key that does it */
    uint8_t before_sign[MK_PK];
    uint64_t drill_serial; /* of the newest drill; 0: there was none */
    uint32_t drill_set;
    uint64_t drill_ms;
};

/* One generation of a role secret. */
struct mk_kr_key {
    enum mk_key_kind kind;
    uint32_t generation;
    bool has_id; /* not between log-key and its first wrap */
    uint8_t id[MK_ID];
    uint8_t log_box[MK_PK]; /* of R_L */
    uint8_t log_sign[MK_PK];
    uint8_t previous[MK_KR_PREVIOUS_MAX]; /* the generation before it */
    size_t n_previous;                    /* 0: none is kept */
};

struct mk_keyring {
    struct mk_buf members;    /* header and statements: text */
    uint8_t (*hash)[MK_HASH]; /* [s]: members_hash at serial s */
    uint64_t serial;
    size_t hash_cap;
    uint8_t slots_hash[MK_HASH];
    uint8_t store[MK_ID];
    char origin[MK_ORIGIN_MAX + 1];
    uint8_t founder[MK_ID]; /* the first custodian */
    bool opened;
    struct mk_kr_key *key; /* all generations of all kinds, oldest first */
    size_t n_keys;
    size_t cap_keys;
    /* generation of each kind when a theft was stated last; 0: never */
    uint32_t stolen[MK_KEY_KINDS];
    struct mk_kr_stage *stage;
    size_t n_stages;
    size_t cap_stages;
    /* a rotation whose wraps are not complete; 0: none */
    enum mk_key_kind rotating;
    uint8_t rotator[MK_ID];
    size_t due; /* persons before it have been wrapped */
    struct mk_kr_member *person;
    size_t n_persons;
    size_t cap_persons;
    struct mk_kr_wrap *wrap;
    size_t n_wraps;
    size_t cap_wraps;
    struct mk_kr_recovery recovery;
};

/* --- keyring_text.c: form --- */

/* Fills st from the lines of one statement. */
void mk_kr_statement_read(struct mk_kr_text *t, struct mk_kr_statement *st);
/* Adds its lines; *n_signed becomes the bytes before the sig line. */
MK_MUST_USE enum mk_err mk_kr_statement_add(struct mk_buf *out,
                                            const struct mk_kr_statement *st,
                                            size_t *n_signed);
void mk_kr_slot_read(struct mk_kr_text *t, struct mk_kr_slot *slot);
MK_MUST_USE enum mk_err mk_kr_slot_add(struct mk_buf *out,
                                       const struct mk_kr_slot *slot,
                                       size_t *n_signed);
void mk_kr_person_read(struct mk_kr_text *t, struct mk_kr_person *p);
MK_MUST_USE enum mk_err mk_kr_person_add(struct mk_buf *out,
                                         const struct mk_kr_person *p);

/* --- keyring_rules.c: who may state what --- */

/* A refusal: err and place for him who makes a statement, why for him who
 * reads one. */
struct mk_kr_refusal {
    enum mk_err err;
    const char *place;
    const char *why;
};
enum mk_err mk_kr_refuse(struct mk_kr_refusal *no, enum mk_err err,
                         const char *place, const char *why);

/*
 * Judges st, whose signature is proven, and takes in what it says.
 * Errors: E_DAMAGED, E_NO_ROLE, E_TWO_PEOPLE, E_ROLE_CONFLICT, E_EXISTS,
 * E_NOT_FOUND, E_USAGE, E_SYNTAX, E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_kr_rules(struct mk_keyring *k,
                                    const struct mk_kr_statement *st,
                                    struct mk_kr_refusal *no);
/* May by wrap the secrets of role to user? */
MK_MUST_USE enum mk_err mk_kr_may_grant(const struct mk_keyring *k,
                                        const uint8_t by[static MK_ID],
                                        const uint8_t user[static MK_ID],
                                        enum mk_role role,
                                        struct mk_kr_refusal *no);
struct mk_kr_member *mk_kr_find(const struct mk_keyring *k,
                                const uint8_t id[static MK_ID]);
/* E_NO_ROLE unless st is by an effective custodian. */
MK_MUST_USE enum mk_err mk_kr_by_custodian(const struct mk_keyring *k,
                                           const struct mk_kr_statement *st,
                                           struct mk_kr_refusal *no);
void mk_kr_slot_take(struct mk_kr_member *p, const struct mk_kr_statement *st);
/* Is a slot with this number (1, 2) stated of p? */
bool mk_kr_has_slot(const struct mk_kr_member *p, unsigned number);

/* --- keyring_people.c --- */

MK_MUST_USE enum mk_err mk_kr_genesis(struct mk_keyring *k,
                                      const struct mk_kr_statement *st,
                                      struct mk_kr_refusal *no);
MK_MUST_USE enum mk_err mk_kr_certify(struct mk_keyring *k,
                                      const struct mk_kr_statement *st,
                                      struct mk_kr_refusal *no);
/* Printable ASCII without space and +: what a checkpoint can be called. */
bool mk_kr_origin_ok(const char *origin);

/* --- keyring_standing.c --- */

MK_MUST_USE enum mk_err mk_kr_suspend(struct mk_keyring *k,
                                      const struct mk_kr_statement *st,
                                      struct mk_kr_refusal *no);
MK_MUST_USE enum mk_err mk_kr_resume(struct mk_keyring *k,
                                     const struct mk_kr_statement *st,
                                     struct mk_kr_refusal *no);
MK_MUST_USE enum mk_err mk_kr_revoke(struct mk_keyring *k,
                                     const struct mk_kr_statement *st,
                                     struct mk_kr_refusal *no);
MK_MUST_USE enum mk_err mk_kr_except(struct mk_keyring *k,
                                     const struct mk_kr_statement *st,
                                     struct mk_kr_refusal *no);

/* --- keyring_keys.c --- */

MK_MUST_USE enum mk_err mk_kr_log_key(struct mk_keyring *k,
                                      const struct mk_kr_statement *st,
                                      struct mk_kr_refusal *no);
MK_MUST_USE enum mk_err mk_kr_wrap(struct mk_keyring *k,
                                   const struct mk_kr_statement *st,
                                   struct mk_kr_refusal *no);
/* The newest generation, or one by number; NULL: there is none. */
struct mk_kr_key *mk_kr_key(const struct mk_keyring *k, enum mk_key_kind kind);
struct mk_kr_key *mk_kr_key_at(const struct mk_keyring *k,
                               enum mk_key_kind kind, uint32_t generation);
/* Adds a generation; what was got before is elsewhere then.  NULL: memory. */
struct mk_kr_key *mk_kr_key_add(struct mk_keyring *k, enum mk_key_kind kind,
                                uint32_t generation);

/* --- keyring_rotate.c --- */

MK_MUST_USE enum mk_err mk_kr_rotate(struct mk_keyring *k,
                                     const struct mk_kr_statement *st,
                                     struct mk_kr_refusal *no);
MK_MUST_USE enum mk_err mk_kr_theft(struct mk_keyring *k,
                                    const struct mk_kr_statement *st,
                                    struct mk_kr_refusal *no);
/* Who is to be wrapped next behind a rotate, and for which role; NULL: all
 * are, or there is none. */
struct mk_kr_member *mk_kr_due(const struct mk_keyring *k, enum mk_role *role);
/* While k->rotating: is st the statement that has to follow? */
MK_MUST_USE enum mk_err mk_kr_check_run(const struct mk_keyring *k,
                                        const struct mk_kr_statement *st,
                                        struct mk_kr_refusal *no);
/* The wrap that was due is there. */
void mk_kr_run_on(struct mk_keyring *k);

/* --- keyring_roles.c --- */

/* Bits of the kinds that this role needs a wrap of its own for. */
unsigned mk_kr_own_kinds(enum mk_role role);
/* Bits of the kinds that go with these roles. */
unsigned mk_kr_kinds_of(unsigned roles);
/* E_MEMBER_SUSPENDED, E_MEMBER_OUT. */
MK_MUST_USE enum mk_err mk_kr_check_active(const struct mk_kr_member *p,
                                           struct mk_kr_refusal *no);
/* Roles for which p has all that it takes, whatever his standing. */
unsigned mk_kr_complete_roles(const struct mk_kr_member *p);
/* What p's roles have become by the statement with this serial: every rule
 * that changes them ends with it.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_kr_settle(struct mk_keyring *k,
                                     struct mk_kr_member *p, uint64_t serial,
                                     struct mk_kr_refusal *no);

/* --- keyring_gate.c --- */

/*
 * Proves st (serial, signature, rules) and appends it.  After a refusal k
 * may only be freed: changes are tried on a copy.
 * Errors: as mk_kr_rules, and E_TOO_LARGE.
 */
MK_MUST_USE enum mk_err mk_kr_apply(struct mk_keyring *k,
                                    const struct mk_kr_statement *st,
                                    struct mk_kr_refusal *no);
/* p with room for need items of size (maybe somewhere else; new room is
 * zero, what is left behind is wiped).  NULL: out of memory, p as it was. */
MK_MUST_USE void *mk_kr_grow(void *p, size_t *cap, size_t need, size_t size);
/* The bytes under a statement's signature: store | hash before | body. */
MK_MUST_USE enum mk_err mk_kr_signed_bytes(const struct mk_keyring *k,
                                           const struct mk_kr_statement *st,
                                           struct mk_buf *out);
/* Numbers st as the next and signs it. */
MK_MUST_USE enum mk_err mk_kr_sign(const struct mk_keyring *k,
                                   struct mk_kr_statement *st,
                                   const struct mk_identity *by);

/* --- keyring_make.c --- */

/* Signs st by who and takes it in.  After an error k may only be freed. */
MK_MUST_USE enum mk_err mk_kr_state(struct mk_keyring *k,
                                    struct mk_kr_statement *st,
                                    const struct mk_identity *by,
                                    struct mk_diag *diag);
/* first: the slot of somebody new; NULL for who is known. */
MK_MUST_USE enum mk_err mk_kr_state_certify(struct mk_keyring *k,
                                            const struct mk_identity *by,
                                            const struct mk_kr_person *p,
                                            unsigned roles,
                                            const struct mk_kr_slot *first,
                                            struct mk_diag *diag);

/* --- keyring_parse.c --- */

struct mk_keyring *mk_kr_new(void); /* empty; NULL: out of memory */
/* Computes slots_hash again: after every change of members or slots. */
MK_MUST_USE enum mk_err mk_kr_slots_changed(struct mk_keyring *k);
/* to gets what from holds; from is freed. */
void mk_kr_take(struct mk_keyring *to, struct mk_keyring *from);

/* --- keyring_wrap.c --- */

/* The id of a role secret, which commits to its bytes. */
void mk_kr_key_id(uint8_t out[static MK_ID], const struct mk_secret *secret,
                  const uint8_t store[static MK_ID], enum mk_key_kind kind,
                  uint32_t generation);
/* Is it the secret of this generation: size, id, public halves? */
bool mk_kr_is_secret(const struct mk_keyring *k, const struct mk_kr_key *key,
                     const struct mk_secret *secret);
/* A role that goes with this kind, for a refusal. */
const char *mk_kr_role_with(enum mk_key_kind kind);
/* Fills st (a wrap of kind for role to person) but for number and signature. */
MK_MUST_USE enum mk_err mk_kr_wrap_fill(
    const struct mk_keyring *k, struct mk_kr_statement *st,
    const struct mk_kr_member *to, enum mk_role role, enum mk_key_kind kind,
    const uint8_t key_id[static MK_ID], const struct mk_secret *secret);

/* The same for whom a box key is all that counts; st has its type. */
MK_MUST_USE enum mk_err mk_kr_box_fill(const struct mk_keyring *k,
                                       struct mk_kr_statement *st,
                                       const uint8_t to[static MK_ID],
                                       const uint8_t box_key[static MK_PK],
                                       enum mk_key_kind kind,
                                       const uint8_t key_id[static MK_ID],
                                       const struct mk_secret *secret);
/* Opens w with the secret of the box key it was sealed to, and checks that it
 * is the secret that w names.  Errors: E_DAMAGED. */
MK_MUST_USE enum mk_err mk_kr_unseal(const struct mk_keyring *k,
                                     const struct mk_secret *box_secret,
                                     const struct mk_kr_wrap *w,
                                     struct mk_secret **out,
                                     struct mk_diag *diag);

/* --- keyring_slot.c --- */

/* A new identity with random keys; id is random too. */
MK_MUST_USE enum mk_err mk_kr_identity_make(struct mk_identity *who,
                                            uint8_t box[static MK_PK],
                                            uint8_t sign[static MK_PK]);
MK_MUST_USE enum mk_err mk_kr_slot_make(struct mk_kr_slot *slot,
                                        const uint8_t store[static MK_ID],
                                        const struct mk_identity *who,
                                        const struct mk_secret *passphrase,
                                        unsigned number, uint64_t counter,
                                        struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_kr_slot_sign(struct mk_kr_slot *slot,
                                        const uint8_t store[static MK_ID],
                                        const struct mk_identity *who);
/* Signature of sign_pk, bounds of the cost. NULL: fine; else why. */
const char *mk_kr_slot_check(const struct mk_kr_slot *slot,
                             const uint8_t store[static MK_ID],
                             const uint8_t user[static MK_ID],
                             const uint8_t sign_pk[static MK_PK]);
/* SHA-256 over all lines of the slot, `user` to `slot-sig`. */
MK_MUST_USE enum mk_err mk_kr_slot_hash(const struct mk_kr_slot *slot,
                                        uint8_t out[static MK_HASH]);
/* Is it the one with this number that the members part states last of p?
 * NULL: yes; else why. */
const char *mk_kr_slot_stated(const struct mk_kr_slot *slot, unsigned number,
                              const struct mk_kr_member *p);

/* --- request.c --- */

struct mk_kr_request {
    uint8_t store[MK_ID];
    struct mk_kr_person person;
    struct mk_kr_slot slot;
};
/* E_NAME_LIKE (place: whom) for a name that somebody else has but for accents,
 * signs and small words; the very same name is the business of the rules. */
MK_MUST_USE enum mk_err mk_kr_name_unlike(const struct mk_keyring *k,
                                          const char *name,
                                          struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_kr_request_read(const struct mk_keyring *k,
                                           const void *text, size_t n,
                                           struct mk_kr_request *out,
                                           struct mk_diag *diag);

#endif
