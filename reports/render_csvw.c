/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The columns carry the heads of factsheet.csv as titles of no language (und),
 * by which readers join the two files, and titles for people in both.  Codes
 * are explained as a scheme of concepts (SKOS) at their column.
 */
#include "reports/render.h"

#include <string.h>

#include "reports/json_make.h"
#include "reports/say.h"
#include "reports/sdc/json.h"
#include "reports/words.h"

/* ---- text ---- */

static json_t *in_language(const char *text, bool english)
{
    return json_pack("{s:s, s:s}", "@value", text, "@language",
                     english ? "en" : "nl");
}

static json_t *in_both(const char *nl, const char *en)
{
    return json_pack("[o, o]", in_language(nl, false), in_language(en, true));
}

/* msgid in both languages. */
static json_t *said_in_both(const char *msgid)
{
    return in_both(mk_say(false, msgid), mk_say(true, msgid));
}

/* ---- codes ---- */

static enum mk_err add_concept(json_t *concepts, const char *code,
                               const char *nl, const char *en)
{
    return mk_sdc_json_append(concepts,
                              json_pack("{s:s, s:s, s:o}", "@type",
                                        "skos:Concept", "skos:notation", code,
                                        "skos:prefLabel", in_both(nl, en)));
}

static bool has_concept(const json_t *concepts, const char *code)
{
    for (size_t i = 0; i < json_array_size(concepts); i++)
        if (strcmp(code, json_string_value(json_object_get(
                             json_array_get(concepts, i), "skos:notation"))) ==
            0)
            return true;
    return false;
}

static enum mk_err add_rows(json_t *concepts, const struct mk_axis *axis)
{
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < axis->n; i++) {
        const struct mk_row *row = &axis->row[i];
        if (!row->hidden && *row->slug && !has_concept(concepts, row->slug))
            MK_TRY(add_concept(concepts, row->slug, row->nl, row->en));
    }
out:
    return rc;
}

static enum mk_err add_tables(json_t *concepts, const struct mk_factsheet *f)
{
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < MK_TABLE_COUNT; i++)
        /* a title has one language: that of the factsheet */
        MK_TRY(mk_sdc_json_append(
            concepts,
            json_pack("{s:s, s:s, s:o, s:o}", "@type", "skos:Concept",
                      "skos:notation", f->table[i].id, "skos:prefLabel",
                      in_language(f->table[i].title, f->english),
                      "skos:scopeNote",
                      in_language(f->table[i].unit, f->english))));
out:
    return rc;
}

static enum mk_err add_marks(json_t *concepts)
{
    static const enum mk_mark marks[] = {MK_MARK_X, MK_MARK_NR, MK_MARK_NA};
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        MK_TRY(add_concept(concepts, mk_mark_slug(marks[i]),
                           mk_words_mark(marks[i], false),
                           mk_words_mark(marks[i], true)));
out:
    return rc;
}

static enum mk_err add_measures(json_t *concepts)
{
    enum mk_err rc = MK_OK;
    for (unsigned m = 0; m < MK_MEASURE_COUNT; m++) {
        MK_TRY(add_concept(concepts, mk_measure_get(m)->slug,
                           mk_words_measure(m, false),
                           mk_words_measure(m, true)));
    }
out:
    return rc;
}

/* ---- columns ---- */

enum column {
    COL_TABLE,
    COL_YEAR,
    COL_CARE_TYPE,
    COL_CATEGORY,
    COL_MEASURE,
    COL_UNIT,
    COL_VALUE,
    COL_MARK,
    COL_LO,
    COL_HI,
    COLUMNS
};
static const struct {
    const char *head, *title, *about;
    const char *datatype; /* XML Schema; NULL: string */
    bool key, required;
} columns[COLUMNS] = {
    [COL_TABLE] = {"table", MK_SAY_ID("Table"),
                   MK_SAY_ID("Which table of the factsheet."), NULL, true,
                   true},
    [COL_YEAR] = {"year", MK_SAY_ID("Year"),
                  MK_SAY_ID("The year in which the dossier began; a school "
                            "year runs from 1 August to 31 July."),
                  NULL, true, true},
    [COL_CARE_TYPE] = {"care_type", MK_SAY_ID("Care type"),
                       MK_SAY_ID("Empty where the table has none; TOT is the "
                                 "total."),
                       NULL, true, false},
    [COL_CATEGORY] = {"category", MK_SAY_ID("Category"),
                      MK_SAY_ID("Kind of violence, offence or reporter, by "
                                "the table; empty where it has none; TOT is "
                                "the total."),
                      NULL, true, false},
    [COL_MEASURE] = {"measure", MK_SAY_ID("Count"),
                     MK_SAY_ID("What is counted of the dossiers."), NULL, true,
                     true},
    [COL_UNIT] = {"unit", MK_SAY_ID("Unit"),
                  MK_SAY_ID("The unit in which is counted."), NULL, false,
                  true},
    [COL_VALUE] = {"value", MK_SAY_ID("Number"),
                   MK_SAY_ID("Empty where a mark stands."),
                   "nonNegativeInteger", false, false},
    [COL_MARK] = {"mark", MK_SAY_ID("Mark"),
                  MK_SAY_ID("Why there is no number."), NULL, false, false},
    [COL_LO] = {"lo", MK_SAY_ID("At least"),
                MK_SAY_ID("What a reader of all tables can infer at best "
                          "about a suppressed number: the least."),
                "nonNegativeInteger", false, false},
    [COL_HI] =
        {"hi", MK_SAY_ID("At most"),
         MK_SAY_ID(
             "The same: the most; a 1 with nine noughts means that there "
             "is no most."),
         "nonNegativeInteger", false, false},
};

/* The codes of a column; none: NULL's place stays empty. */
static enum mk_err add_codes(json_t *concepts, const struct mk_factsheet *f,
                             enum column i)
{
    enum mk_err rc = MK_OK;
    switch (i) {
    case COL_TABLE:
        return add_tables(concepts, f);
    case COL_CARE_TYPE:
        for (size_t t = 0; t < MK_TABLE_COUNT && rc == MK_OK; t++)
            rc = add_rows(concepts, &f->table[t].care_type);
        return rc;
    case COL_CATEGORY:
        for (size_t t = 0; t < MK_TABLE_COUNT && rc == MK_OK; t++)
            rc = add_rows(concepts, &f->table[t].category);
        return rc;
    case COL_MEASURE:
        return add_measures(concepts);
    case COL_MARK:
        return add_marks(concepts);
    case COL_YEAR:
    case COL_UNIT:
    case COL_VALUE:
    case COL_LO:
    case COL_HI:
    case COLUMNS:
        break;
    }
    return MK_OK;
}

static json_t *datatype(const struct mk_factsheet *f, enum column i)
{
    if (i == COL_YEAR)
        return f->school_year ? json_pack("{s:s, s:s}", "base", "string",
                                          "format", "^[0-9]{4}/[0-9]{4}$")
                              : json_string("gYear");
    return json_string(columns[i].datatype ? columns[i].datatype : "string");
}

static enum mk_err add_column(json_t *to, const struct mk_factsheet *f,
                              enum column i)
{
    json_t *column = json_object(), *concepts = json_array();
    enum mk_err rc;
    MK_TRY(mk_sdc_json_put(column, "name", json_string(columns[i].head)));
    MK_TRY(mk_sdc_json_put(column, "titles",
                           json_pack("{s:s, s:s, s:s}", "und", columns[i].head,
                                     "nl", mk_say(false, columns[i].title),
                                     "en", mk_say(true, columns[i].title))));
    MK_TRY(mk_sdc_json_put(column, "datatype", datatype(f, i)));
    MK_TRY(mk_sdc_json_put(column, "null", json_string("")));
    if (columns[i].required)
        MK_TRY(mk_sdc_json_put(column, "required", json_true()));
    MK_TRY(mk_sdc_json_put(column, "dc:description",
                           said_in_both(columns[i].about)));
    MK_TRY(add_codes(concepts, f, i));
    if (json_array_size(concepts) > 0)
        MK_TRY(mk_sdc_json_put(column, "qb:codeList",
                               json_pack("{s:s, s:O}", "@type",
                                         "skos:ConceptScheme",
                                         "skos:hasTopConcept", concepts)));
    MK_TRY(mk_sdc_json_append(to, json_incref(column)));
out:
    json_decref(concepts);
    json_decref(column);
    return rc;
}

static enum mk_err put_schema(json_t *root, const struct mk_factsheet *f)
{
    json_t *schema = json_object(), *cols = json_array(), *key = json_array();
    enum mk_err rc = MK_OK;
    for (unsigned i = 0; i < COLUMNS; i++) {
        MK_TRY(add_column(cols, f, i));
        if (columns[i].key)
            MK_TRY(mk_sdc_json_append(key, json_string(columns[i].head)));
    }
    MK_TRY(mk_sdc_json_put(schema, "columns", json_incref(cols)));
    MK_TRY(mk_sdc_json_put(schema, "primaryKey", json_incref(key)));
    MK_TRY(mk_sdc_json_put(root, "tableSchema", json_incref(schema)));
out:
    json_decref(key);
    json_decref(cols);
    json_decref(schema);
    return rc;
}

/* ---- the table as a whole ---- */

static enum mk_err put_title(json_t *root, const struct mk_factsheet *f)
{
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_buf_addf(&text, "%s, ", mk_words_title(f->english)));
    MK_TRY(mk_words_window(&text, f));
    MK_TRY(mk_buf_terminate(&text));
    MK_TRY(mk_sdc_json_put(root, "dc:title",
                           in_language((char *)text.data, f->english)));
    mk_buf_clear(&text);
    MK_TRY(mk_words_origin(&text, f));
    MK_TRY(mk_buf_terminate(&text));
    MK_TRY(mk_sdc_json_put(root, "dc:provenance",
                           in_language((char *)text.data, f->english)));
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err put_texts(json_t *root, const char *key,
                             const struct mk_note *note, size_t n,
                             bool english)
{
    json_t *texts = json_array();
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < n; i++)
        MK_TRY(mk_sdc_json_append(
            texts, in_language((const char *)note[i].text.data, english)));
    if (n > 0)
        MK_TRY(mk_sdc_json_put(root, key, json_incref(texts)));
out:
    json_decref(texts);
    return rc;
}

static enum mk_err put_about(json_t *root, const struct mk_factsheet *f)
{
    const char *marking = mk_words_marking(f);
    char day[MK_DATE_TEXT];
    enum mk_err rc;
    MK_TRY(put_title(root, f));
    MK_TRY(
        mk_sdc_json_put(root, "dc:language", mk_json_make_lang(f->english)));
    if (f->release)
        MK_TRY(
            mk_sdc_json_put(root, "dc:identifier", json_string(f->release)));
    if (f->data_date != MK_DAY_NONE) {
        mk_date_format(day, f->data_date);
        MK_TRY(mk_sdc_json_put(
            root, "dc:date",
            json_pack("{s:s, s:s}", "@value", day, "@type", "xsd:date")));
    }
    if (marking)
        MK_TRY(mk_sdc_json_put(root, "dc:accessRights",
                               in_language(marking, f->english)));
    MK_TRY(
        put_texts(root, "dc:abstract", f->summary, f->n_summary, f->english));
    MK_TRY(put_texts(root, "dc:description", f->note, f->n_notes, f->english));
out:
    return rc;
}

enum mk_err mk_render_csvw(struct mk_buf *out, const struct mk_factsheet *f)
{
    enum mk_err rc;
    mk_json_make_seed();
    json_t *root = json_object();
    MK_TRY(mk_sdc_json_put(root, "@context",
                           json_pack("[s, {s:s}]", "http://www.w3.org/ns/csvw",
                                     "@language", f->english ? "en" : "nl")));
    MK_TRY(mk_sdc_json_put(root, "url", json_string("factsheet.csv")));
    MK_TRY(put_about(root, f));
    MK_TRY(put_schema(root, f));
    MK_TRY(mk_sdc_json_dump(out, root, false));
out:
    json_decref(root);
    return rc;
}
