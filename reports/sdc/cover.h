/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every need with its answer, and the pattern that follows from them.
 *
 *   need --> answer: a move up and a move down
 *              |
 *              v
 *            classes that they change --> hidden, as long as any answer
 *                                         changes them
 *
 * So whatever is hidden is hidden for somebody, every need has whole tables
 * that prove it met, and taking answers back publishes what nobody else
 * needs.
 */
#ifndef MK_SDC_COVER_H
#define MK_SDC_COVER_H

#include "reports/sdc/moves.h"
#include "reports/sdc/rules.h"

#define MK_SDC_CUBES 8 /* in one move, and as many to spare cells of it */
#define MK_SDC_MOVE (2 * MK_SDC_CUBES * MK_SDC_CORNERS) /* columns, at most */

struct mk_sdc_answer {
    struct mk_sdc_shift *shift; /* owned; first the move up, then down */
    uint32_t n_up, n_down;
    uint32_t *cls; /* owned; OPEN classes that it changes, perhaps twice */
    uint32_t n_cls;
    uint32_t number; /* of the answers in order of time; 0: none */
};

/* Needs whose answer changes a class: those whose answer has that number. */
struct mk_sdc_user {
    uint32_t need, number;
};
struct mk_sdc_users {
    struct mk_sdc_user *at; /* owned */
    uint32_t n, cap;
};

struct mk_sdc_attempt;

struct mk_sdc_cover {
    const struct mk_sdc_system *s; /* borrowed */
    const struct mk_sdc_needs *needs;
    struct mk_sdc_hunt hunt;
    double *cost;                 /* by class; owned, as the rest */
    double *ask;                  /* what the search is told that it costs */
    uint32_t *use;                /* by class: answers that change it */
    struct mk_sdc_users *users;   /* by class, OPEN ones only */
    struct mk_sdc_answer *answer; /* by need */
    double total;                 /* cost of what is hidden */
    double step;                  /* see mk_sdc_cost_step */
    uint32_t numbers;
    struct mk_sdc_attempt *now, *best; /* scratch */
    uint32_t *paid; /* classes that the attempt at hand hid */
    uint32_t n_paid;
};

/* No need may have a target with minus.  Owns: release, also after an error.
 * Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_cover_init(struct mk_sdc_cover *cover,
                                          const struct mk_sdc_system *s,
                                          const struct mk_sdc_needs *needs);
void mk_sdc_cover_release(struct mk_sdc_cover *cover);

/* Tells the search another price (above 0) than the cost of an OPEN class: what
 * is counted stays the cost. */
void mk_sdc_cover_ask(struct mk_sdc_cover *cover, uint32_t cls, double price);

/* Answers a need that has no answer, at most at that price; *found.  Errors:
 * E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_cover_answer(struct mk_sdc_cover *cover,
                                            uint32_t need, double limit,
                                            bool *found);

/*
 * Takes the answers of n needs back and answers them anew in that order,
 * without class without (or NONE).  It stays so if that costs less, or with
 * level the same; if not, all is as it was: *better.  Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_sdc_cover_again(struct mk_sdc_cover *cover,
                                           const uint32_t *need, size_t n,
                                           uint32_t without, bool level,
                                           bool *better);

/* The needs whose answers change cls: *n, at most most, in need; if there are
 * more, *n is most + 1 and need is not to be used. */
void mk_sdc_cover_users(struct mk_sdc_cover *cover, uint32_t cls,
                        uint32_t *need, size_t most, size_t *n);

/*
 * A move by what is hidden now that takes cls by want up or down: how many
 * columns, in *shift until the next call; 0 if none was found.
 */
uint32_t mk_sdc_cover_stretch(struct mk_sdc_cover *cover, uint32_t cls,
                              bool up, int64_t want,
                              const struct mk_sdc_shift **shift);

#endif
