/* A form for people, fact by fact, and as JSON.  What is unknown is said to be. */
#include <inttypes.h>

#include "forms_parts.h"

static void say_fact(const struct rebut_form_fact *fact, bool zh,
                     struct rebut_output *out)
{
    if (fact->known)
        rebut_output_print(out, zh ? "  （来源：%s，%s）" : "  (source: %s, %s)",
                           fact->source, fact->date);
    rebut_output_print(out, "\n");
}

static void write_words(const char *name, const struct rebut_form_words *words, bool zh,
                        struct rebut_output *out)
{
    rebut_output_print(out, zh ? "  %s：%s" : "  %s: %s", name,
                       !words->fact.known ? (zh ? "未知" : "unknown")
                       : zh               ? words->zh
                                          : words->en);
    say_fact(&words->fact, zh, out);
}

static void write_number(const char *name, const struct rebut_form_number *number,
                         bool zh, struct rebut_output *out)
{
    if (number->fact.known)
        rebut_output_print(out, zh ? "  %s：%" PRId64 : "  %s: %" PRId64, name,
                           number->value);
    else
        rebut_output_print(out, zh ? "  %s：未知" : "  %s: unknown", name);
    say_fact(&number->fact, zh, out);
}

static void write_kinds(const struct rebut_form *form, bool zh, struct rebut_output *out)
{
    rebut_output_print(out, zh ? "  类别：" : "  kinds: ");
    for (int i = 0; i < form->kind_count; i++)
        rebut_output_print(out, "%s%s", i == 0 ? "" : zh ? "、" : ", ", form->kinds[i]);
    if (!form->kinds_fact.known)
        rebut_output_print(out, zh ? "未知" : "unknown");
    say_fact(&form->kinds_fact, zh, out);
}

static void write_reasons(const struct rebut_form *form, bool zh,
                          struct rebut_output *out)
{
    static const char *const shown_zh[REBUT_PROOFS] = {"", "  [可由签收记录证明]",
                                                       "  [可由图片比对证明]"};
    static const char *const shown_en[REBUT_PROOFS] = {
        "", "  [the signature can show it]", "  [the picture can show it]"};
    if (form->reasons_fact.known)
        rebut_output_print(out, zh ? "  申诉理由（原文）" : "  reasons, verbatim");
    else
        rebut_output_print(out, zh ? "  申诉理由：未知" : "  reasons: unknown");
    say_fact(&form->reasons_fact, zh, out);
    for (int i = 0; i < form->reason_count; i++)
        rebut_output_print(out, "    - %s%s\n", form->reasons[i].text,
                           (zh ? shown_zh : shown_en)[form->reasons[i].proof]);
}

void rebut_form_write(const struct rebut_form *form, enum rebut_language language,
                      struct rebut_output *out)
{
    const bool zh = language == REBUT_CHINESE;
    rebut_output_print(out, zh ? "%s：%s\n" : "%s: %s\n", form->name,
                       zh ? form->zh : form->en);
    write_words(zh ? rebut_form_words_members[REBUT_FORM_TITLE].zh
                   : rebut_form_words_members[REBUT_FORM_TITLE].en,
                &form->words[REBUT_FORM_TITLE], zh, out);
    write_kinds(form, zh, out);
    for (int i = 0; i < REBUT_FORM_NUMBERS; i++)
        write_number(zh ? rebut_form_number_members[i].zh
                        : rebut_form_number_members[i].en,
                     &form->numbers[i], zh, out);
    for (int i = REBUT_FORM_TITLE + 1; i < REBUT_FORM_WORDS; i++)
        write_words(zh ? rebut_form_words_members[i].zh : rebut_form_words_members[i].en,
                    &form->words[i], zh, out);
    write_reasons(form, zh, out);
    for (int i = 0; i < form->remark_count; i++)
        write_words(zh ? "说明" : "note", &form->remarks[i], zh, out);
}

/* ---- JSON: the file again, so that what is written can be read ---- */

static void put_text(struct rebut_output *out, const char *text)
{
    if (text == NULL)
        rebut_output_print(out, "null");
    else
        rebut_output_json(out, rebut_text_of(text));
}

static void put_both(struct rebut_output *out, const char *zh, const char *en)
{
    rebut_output_print(out, "{\"en\":");
    put_text(out, en);
    rebut_output_print(out, ",\"zh\":");
    put_text(out, zh);
    rebut_output_print(out, "}");
}

/* {"date":…,"source":…,"value": */
static void put_fact(struct rebut_output *out, const char *member,
                     const struct rebut_form_fact *fact)
{
    rebut_output_print(out, "%s%s%s{\"date\":", member[0] == '\0' ? "" : ",\"", member,
                       member[0] == '\0' ? "" : "\":");
    put_text(out, fact->date);
    rebut_output_print(out, ",\"source\":");
    put_text(out, fact->source);
    rebut_output_print(out, ",\"value\":%s", fact->known ? "" : "null");
}

static void put_words(struct rebut_output *out, const char *member,
                      const struct rebut_form_words *words)
{
    put_fact(out, member, &words->fact);
    if (words->fact.known)
        put_both(out, words->zh, words->en);
    rebut_output_print(out, "}");
}

static void put_lists(struct rebut_output *out, const struct rebut_form *form)
{
    put_fact(out, "kinds", &form->kinds_fact);
    for (int i = 0; i < form->kind_count; i++) {
        rebut_output_print(out, i == 0 ? "[" : ",");
        put_text(out, form->kinds[i]);
    }
    rebut_output_print(out, form->kinds_fact.known ? "]}" : "}");
    put_fact(out, "reasons", &form->reasons_fact);
    for (int i = 0; i < form->reason_count; i++) {
        const struct rebut_form_reason *reason = &form->reasons[i];
        rebut_output_print(out, "%s{\"proof\":", i == 0 ? "[" : ",");
        put_text(out, reason->proof == REBUT_PROOF_NONE
                          ? NULL
                          : rebut_words_proof[reason->proof]);
        rebut_output_print(out, ",\"text\":");
        put_text(out, reason->text);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, form->reasons_fact.known ? "]}" : "}");
    rebut_output_print(out, ",\"remarks\":[");
    for (int i = 0; i < form->remark_count; i++) {
        rebut_output_print(out, i == 0 ? "" : ",");
        put_words(out, "", &form->remarks[i]);
    }
    rebut_output_print(out, "]");
}

void rebut_form_write_json(const struct rebut_form *form, struct rebut_output *out)
{
    rebut_output_print(out, "{\"schema\":\"" REBUT_FORM_SCHEMA "\",\"name\":");
    put_text(out, form->name);
    rebut_output_print(out, ",\"platform\":");
    put_both(out, form->zh, form->en);
    for (int i = 0; i < REBUT_FORM_NUMBERS; i++) {
        const struct rebut_form_number *number = &form->numbers[i];
        put_fact(out, rebut_form_number_members[i].member, &number->fact);
        if (number->fact.known)
            rebut_output_print(out, "%" PRId64, number->value);
        rebut_output_print(out, "}");
    }
    for (int i = 0; i < REBUT_FORM_WORDS; i++)
        put_words(out, rebut_form_words_members[i].member, &form->words[i]);
    put_lists(out, form);
    rebut_output_print(out, "}\n");
}
