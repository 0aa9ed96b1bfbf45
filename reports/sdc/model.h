/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What disclosure control works on: dimensions, linked tables, records, and
 * the cells that follow from them.
 *
 *   spec (levels, tables, rule)  +  data (records)  +  releases (printed)
 *        \________________________|______________________/
 *                                 v
 *   model: every cell once, however many tables and releases show it
 *
 * A cell is a set of records: for each dimension one node, and a node is a
 * set of leaves (a level, a parent of levels, or the total).  Two nodes with
 * the same leaves are the same node, whatever they are called, so that
 * "2018-2020" of one release and the total over three years of another are
 * one cell with one fate.
 *
 * Source: the page DISCLOSURE of the design; docs/DISCLOSURE.md.
 */
#ifndef MK_SDC_MODEL_H
#define MK_SDC_MODEL_H

#include "reports/sdc/vecs.h"

#define MK_SDC_DIMS 32           /* dimensions, at most */
#define MK_SDC_LEVELS 10000u     /* leaves of a dimension, at most */
#define MK_SDC_PARENTS 1000u     /* parents of a dimension, at most */
#define MK_SDC_CHILDREN 1000000u /* leaves of its parents together, at most */
#define MK_SDC_TABLES 64         /* tables of a spec, at most */
#define MK_SDC_PATTERNS 4096u    /* structural zeros and the like, at most */
#define MK_SDC_CELLS 1000000u    /* cells, at most */
#define MK_SDC_COLUMNS 4000000u  /* inner cells of one bag, at most */
#define MK_SDC_RECORDS 4000000u  /* rows of data, at most */
#define MK_SDC_COUNT 1000000000u /* sum of all counts, at most */
#define MK_SDC_RELEASES 1000u    /* earlier releases, at most */
#define MK_SDC_TAGS 4            /* kinds of contributor, at most */
#define MK_SDC_NAME 128          /* bytes of a name, at most */
#define MK_SDC_THRESHOLD 1000u   /* largest threshold */
#define MK_SDC_ANY UINT32_MAX    /* in a pattern: every node */

struct mk_sdc_node {
    char *name;     /* owned; "*" for the total */
    uint32_t *leaf; /* owned, ascending */
    uint32_t n_leaves;
};

/*
 * Nodes in this order: the leaves (node i is leaf i), parents, the total.
 * Of the nodes with the same leaves one stands for all: the total, else the
 * leaf, else the first parent.
 */
struct mk_sdc_dim {
    char *name; /* owned, like the rest */
    struct mk_sdc_node *node;
    uint32_t *same; /* the node that stands for node i; NULL till finished */
    uint32_t n_leaves, n_nodes;
    /* of the building functions */
    uint32_t cap, n_children;
    uint32_t *slot; /* open hash of names: node + 1, 0 is free */
    uint32_t n_slots;
};

/* One node or MK_SDC_ANY for every dimension.  A cell matches when its nodes
 * have the same leaves; a structural zero holds for every record inside. */
struct mk_sdc_pattern {
    uint32_t node[MK_SDC_DIMS];
};
struct mk_sdc_patterns {
    struct mk_sdc_pattern *at;
    size_t n, cap;
};

/*
 * A table: the dimensions it crosses.  A dimension in `where` is shown for
 * the listed nodes only and has no total in this table (it would be a total of
 * some levels, which has no name).  A dimension that is neither is summed.
 */
struct mk_sdc_table {
    bool crosses[MK_SDC_DIMS];
    uint32_t *where[MK_SDC_DIMS]; /* owned; NULL: all nodes */
    uint32_t n_where[MK_SDC_DIMS];
};

enum mk_sdc_cost {
    MK_SDC_COST_CELLS,    /* fewest cells, then smallest sum of values */
    MK_SDC_COST_WEIGHTED, /* total 10000, margin 100, inner 1, then as before */
};

struct mk_sdc_spec {
    struct mk_sdc_dim dim[MK_SDC_DIMS];
    size_t n_dims;
    struct mk_sdc_table table[MK_SDC_TABLES];
    size_t n_tables;

    uint64_t threshold;   /* counts of 1 to threshold - 1 are unsafe */
    bool zeros_protected; /* zeros may be hidden too */
    bool insider;         /* default true */
    bool group[MK_SDC_DIMS];
    bool nomargin[MK_SDC_DIMS]; /* no total over it is published */
    enum mk_sdc_cost cost;

    /* contributors: columns of the data that hold a tag; n_tags 0: no rule */
    char *tag[MK_SDC_TAGS]; /* owned */
    size_t n_tags;
    uint64_t tags_min;  /* distinct tags that a cell needs */
    uint64_t share_ppm; /* a tag may have at most this much of a cell */

    struct mk_sdc_patterns zeros;   /* structural: nobody can be in there */
    struct mk_sdc_patterns never;   /* never published, no cell at all */
    struct mk_sdc_patterns watched; /* never published, but kept secret like a
                                       hidden cell: what changed between two
                                       releases */
};

void mk_sdc_spec_init(struct mk_sdc_spec *spec);
void mk_sdc_spec_release(struct mk_sdc_spec *spec);

/* Whether name may be that of a dimension or a node: 1 to MK_SDC_NAME - 1
 * bytes of UTF-8 that a terminal shows as they are, and not "*". */
MK_MUST_USE bool mk_sdc_name_ok(const char *name);

/*
 * Building a spec; names are copied.  Leaves first, then parents, then
 * finish_dim, which adds the total.
 * Errors: E_MEMORY; E_TOO_LARGE (place: the dimension); E_DUPLICATE_KEY (place:
 * the name); E_BAD_VALUE for a name that mk_sdc_name_ok refuses.
 */
MK_MUST_USE enum mk_err mk_sdc_spec_dim(struct mk_sdc_spec *spec,
                                        const char *name,
                                        struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_sdc_dim_leaf(struct mk_sdc_dim *dim,
                                        const char *name,
                                        struct mk_diag *diag);
/* leaf: n leaf numbers in any order; each once. */
MK_MUST_USE enum mk_err mk_sdc_dim_parent(struct mk_sdc_dim *dim,
                                          const char *name,
                                          const uint32_t *leaf, uint32_t n,
                                          struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_sdc_dim_finish(struct mk_sdc_dim *dim,
                                          struct mk_diag *diag);
/* All MK_SDC_ANY. */
void mk_sdc_pattern_init(struct mk_sdc_pattern *pattern);
MK_MUST_USE enum mk_err mk_sdc_patterns_add(
    struct mk_sdc_patterns *patterns, const struct mk_sdc_pattern *pattern,
    struct mk_diag *diag);

/* The dimension, or the node of dim, of that name (n bytes, no terminator);
 * false if there is none.  "*" is the total of a finished dimension. */
MK_MUST_USE bool mk_sdc_find_dim(const struct mk_sdc_spec *spec,
                                 const char *name, size_t n, size_t *dim);
MK_MUST_USE bool mk_sdc_find_node(const struct mk_sdc_dim *dim,
                                  const char *name, size_t n, uint32_t *node);

/* The last node of a finished dimension. */
uint32_t mk_sdc_total(const struct mk_sdc_dim *dim);
/* Whether the node holds the leaf. */
MK_MUST_USE bool mk_sdc_node_has(const struct mk_sdc_node *node,
                                 uint32_t leaf);
/* Whether the cell (nodes of spec) matches one of the patterns. */
MK_MUST_USE bool mk_sdc_patterns_match(const struct mk_sdc_patterns *patterns,
                                       const struct mk_sdc_spec *spec,
                                       const uint32_t *node);
/* Whether the record (leaves of spec; MK_SDC_ANY: not known) lies in one of
 * the patterns; *which says in which. */
MK_MUST_USE bool mk_sdc_patterns_hold(const struct mk_sdc_patterns *patterns,
                                      const struct mk_sdc_spec *spec,
                                      const uint32_t *leaf, size_t *which);

/*
 * Goes through the cells of a spec: tables in order, nodes in order, the last
 * dimension fastest.  Cells that are never published are passed over; a cell
 * of two tables comes twice.
 */
struct mk_sdc_walk {
    const struct mk_sdc_spec *spec; /* borrowed */
    size_t table;
    bool began; /* the table */
    uint32_t at[MK_SDC_DIMS];
    uint32_t node[MK_SDC_DIMS]; /* the cell */
    bool watched;
};
void mk_sdc_walk_init(struct mk_sdc_walk *walk,
                      const struct mk_sdc_spec *spec);
MK_MUST_USE bool mk_sdc_walk_next(struct mk_sdc_walk *walk);
/* Steps of the walk before anything is passed over; UINT64_MAX for more. */
uint64_t mk_sdc_walk_count(const struct mk_sdc_spec *spec);

/* ---- data ---- */

/* Records in the dimensions of a spec.  Row i: leaf[i * n_dims + d], n[i] of
 * them, tags tag[i * n_tags + k] (dense numbers by kind; 0: empty).  In the
 * joint dimensions of a model a leaf is MK_SDC_ANY where the data lacks the
 * dimension. */
struct mk_sdc_data {
    size_t n_dims, n_tags;
    uint32_t *leaf; /* owned, like the rest */
    uint64_t *n;
    uint32_t *tag;
    size_t rows, cap;
    uint64_t total;
    uint64_t empty[MK_SDC_TAGS]; /* records without a tag of that kind */
};

void mk_sdc_data_init(struct mk_sdc_data *data,
                      const struct mk_sdc_spec *spec);
void mk_sdc_data_release(struct mk_sdc_data *data);
/* leaf: n_dims leaves; tag: n_tags tags, or NULL when there are none.
 * Errors: E_MEMORY; E_TOO_LARGE when rows or the sum pass the limits. */
MK_MUST_USE enum mk_err mk_sdc_data_add(struct mk_sdc_data *data,
                                        const uint32_t *leaf, uint64_t n,
                                        const uint32_t *tag,
                                        struct mk_diag *diag);

/* ---- what was printed: an earlier release, or a table set to audit ---- */

enum mk_sdc_print {
    MK_SDC_PRINTED,   /* a number */
    MK_SDC_HIDDEN,    /* an interval, perhaps 0 to MK_SDC_COUNT */
    MK_SDC_PRIMARY,   /* hidden with its value known to us (plan.csv) */
    MK_SDC_SECONDARY, /* likewise */
    MK_SDC_ROUNDED,   /* a figure near the value, which lies in lo .. hi */
};

struct mk_sdc_print_cell {
    enum mk_sdc_print print;
    uint64_t value;  /* not of MK_SDC_HIDDEN; of MK_SDC_ROUNDED the figure */
    uint64_t lo, hi; /* not of MK_SDC_PRINTED */
    bool interval;   /* lo and hi were printed, so that everybody knows them */
};

/* Cells in the dimensions of a spec: node[i * n_dims + d]. */
struct mk_sdc_printed {
    size_t n_dims;
    uint32_t *node;                 /* owned */
    struct mk_sdc_print_cell *cell; /* owned */
    size_t n, cap;
    uint64_t base; /* of the MK_SDC_ROUNDED ones; 0: there are none */
};

void mk_sdc_printed_init(struct mk_sdc_printed *p,
                         const struct mk_sdc_spec *spec);
void mk_sdc_printed_release(struct mk_sdc_printed *p);
MK_MUST_USE enum mk_err mk_sdc_printed_add(
    struct mk_sdc_printed *p, const uint32_t *node,
    const struct mk_sdc_print_cell *cell, struct mk_diag *diag);

/* An earlier release: its own spec and what it printed. */
struct mk_sdc_release {
    char name[MK_SDC_NAME]; /* for messages */
    struct mk_sdc_spec spec;
    struct mk_sdc_printed printed;
};

void mk_sdc_release_init(struct mk_sdc_release *release);
void mk_sdc_release_release(struct mk_sdc_release *release);

/* ---- the model ---- */

/* Why a cell has to be hidden; bits. */
enum mk_sdc_why {
    MK_SDC_WHY_THRESHOLD = 1,   /* 1 .. threshold - 1 */
    MK_SDC_WHY_CONTRIBUTOR = 2, /* too few behind it, or one with too much */
    MK_SDC_WHY_GROUP = 4,       /* all but one of a line in one cell */
    MK_SDC_WHY_EARLIER = 8,     /* an earlier release hid it */
    MK_SDC_WHY_WATCHED = 16,    /* what changed since an earlier release */
};

enum mk_sdc_fate {
    MK_SDC_OPEN,      /* may be hidden or not */
    MK_SDC_MUST_SHOW, /* printed already, or a zero that stays */
    MK_SDC_MUST_HIDE,
};

struct mk_sdc_cell {
    uint64_t value; /* true value, or that of the stand-in where !known */
    bool known;
    bool current; /* belongs to the release that is being made */
    uint8_t why;  /* enum mk_sdc_why, bits; 0: not primary */
    enum mk_sdc_fate fate;
    uint16_t
        release;   /* of the first earlier release that has it + 1; 0: none */
    bool printed;  /* as it is, by an earlier release */
    bool hidden;   /* the outcome */
    bool interval; /* printed_lo and printed_hi were printed before */
    uint64_t printed_lo, printed_hi;
    bool watched; /* shown nowhere, whatever its fate */
    bool empty;   /* of structural zeros only: nobody can be in there */
    enum mk_sdc_print print; /* audit: as the audited tables have it */
    uint64_t figure;         /* where print is MK_SDC_ROUNDED */
    bool rounded;            /* by these tables or an earlier release, and not
                                hidden before that: the rule for it is that of
                                round.h */
    uint64_t lo, hi;         /* hidden: what an attacker can infer at best */
    bool exact; /* lo and hi are proven to be the best; else he might do
                         no better than this */
};

/* Joint dimensions of spec and releases; dims[d] of the spec is dim d. */
struct mk_sdc_model {
    const struct mk_sdc_spec *spec;        /* borrowed, like the releases */
    const struct mk_sdc_release **earlier; /* owned; of n_earlier */
    size_t n_earlier;
    struct mk_sdc_spec joint;       /* dimensions, zeros; owned */
    uint32_t *of_spec[MK_SDC_DIMS]; /* node of the spec -> joint node; owned */
    struct mk_sdc_vecs at;          /* nodes of the cells, by cell; owned */
    const uint32_t *node;           /* cell i: node[i * joint.n_dims + d] */
    struct mk_sdc_cell *cell;       /* owned */
    size_t n_cells;
    bool audit;              /* built from printed tables */
    uint64_t base;           /* audit: of the rounded figures; 0: none */
    struct mk_sdc_data data; /* in the joint dimensions */
    bool covered;            /* data has every leaf of every dimension */
};

void mk_sdc_model_init(struct mk_sdc_model *model);
void mk_sdc_model_release(struct mk_sdc_model *model);

/* The cell that the nodes of the spec name; false if the model has none. */
MK_MUST_USE bool mk_sdc_model_find(const struct mk_sdc_model *model,
                                   const uint32_t *node, size_t *cell);

/* Writes "dim=node,dim=node" of the nodes (joint dimensions) that are no
 * total into text, cut between characters; "*" where all are totals. */
void mk_sdc_model_place(const struct mk_sdc_model *model, size_t cell,
                        char *text, size_t n);

#endif
