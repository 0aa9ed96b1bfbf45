/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/json_make.h"

#define SEED 1

void mk_json_make_seed(void)
{
    json_object_seed(SEED);
}

json_t *mk_json_make_text(const char *text)
{
    return text ? json_string(text) : json_null();
}

json_t *mk_json_make_number(bool there, uint64_t value)
{
    return there ? json_integer((json_int_t)value) : json_null();
}

json_t *mk_json_make_lang(bool english)
{
    return json_string(english ? "en" : "nl");
}

json_t *mk_json_make_notes(const struct mk_note *note, size_t n)
{
    json_t *notes = json_array();
    for (size_t i = 0; i < n; i++)
        if (json_array_append_new(
                notes, json_pack("{s:s, s:s*, s:s}", "id", note[i].id,
                                 "heading", note[i].heading, "text",
                                 (const char *)note[i].text.data)) != 0) {
            json_decref(notes);
            return NULL;
        }
    return notes;
}
