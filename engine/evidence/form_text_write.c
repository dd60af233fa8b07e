/* The file that holds a form's text, and above it what the form takes. */
#include <inttypes.h>

#include "rebut/form_text.h"

static void write_count(const char *zh_name, const char *en_name,
                        const struct rebut_form_number *number, bool zh,
                        struct rebut_output *out)
{
    rebut_output_print(out, zh ? "%s：" : "%s: ", zh ? zh_name : en_name);
    if (number->fact.known)
        rebut_output_print(out, "%" PRId64 "\n", number->value);
    else
        rebut_output_print(out, zh ? "未知\n" : "unknown\n");
}

static void write_form(const struct rebut_form *form, bool zh, struct rebut_output *out)
{
    const struct rebut_form_words *title = &form->words[REBUT_FORM_TITLE];
    const char *unknown = zh ? "未知" : "unknown";
    rebut_output_print(out, zh ? "平台：%s\n表单：%s\n" : "platform: %s\nform: %s\n",
                       zh ? form->zh : form->en,
                       !title->fact.known ? unknown
                       : zh               ? title->zh
                                          : title->en);
    write_count("必传图片，至少（张）", "images required, at least",
                &form->numbers[REBUT_FORM_IMAGES_REQUIRED_LEAST], zh, out);
    write_count("必传图片，至多（张）", "images required, at most",
                &form->numbers[REBUT_FORM_IMAGES_REQUIRED_MOST], zh, out);
    write_count("选传图片，至多（张）", "images optional, at most",
                &form->numbers[REBUT_FORM_IMAGES_OPTIONAL_MOST], zh, out);
    write_count("图片合计，至多（张）", "images in all, at most",
                &form->numbers[REBUT_FORM_IMAGES_MOST], zh, out);
    write_count("视频，至多（个）", "videos, at most",
                &form->numbers[REBUT_FORM_VIDEOS_MOST], zh, out);
}

static void write_expiry(const struct rebut_pack *pack, bool zh, struct rebut_output *out)
{
    char at[REBUT_TIME_SIZE];
    if (pack->header.expires == REBUT_TIME_NONE) {
        rebut_output_print(out, zh ? "申诉截止：未知\n" : "appeal until: unknown\n");
        return;
    }
    rebut_time_format(pack->header.expires, 8 * 60, at);
    rebut_output_print(out, zh ? "申诉截止：%s\n" : "appeal until: %s\n", at);
}

static void write_text(const struct rebut_form *form, const struct rebut_form_text *text,
                       bool zh, struct rebut_output *out)
{
    const char *choose = zh ? "须由人选择" : "a person must choose";
    rebut_output_print(out, zh ? "申诉理由：%s\n" : "reason: %s\n",
                       text->reason < 0 ? choose : form->reasons[text->reason].text);
    if (text->limit < 0)
        rebut_output_print(out,
                           zh ? "字数：%" PRId64 "，上限未知\n"
                              : "code points: %" PRId64 ", limit unknown\n",
                           text->points);
    else
        rebut_output_print(out,
                           zh ? "字数：%" PRId64 "，上限 %" PRId64 "\n"
                              : "code points: %" PRId64 ", limit %" PRId64 "\n",
                           text->points, text->limit);
    if (text->sentences_left > 0)
        rebut_output_print(
            out, zh ? "因字数未写入：%d 句\n" : "sentences left out for length: %d\n",
            text->sentences_left);
    rebut_output_print(out, "----\n");
    rebut_output_text(out, (struct rebut_text){text->text, text->size});
    rebut_output_print(out, "\n");
}

bool rebut_form_text_write(const struct rebut_form *form, const struct rebut_pack *pack,
                           enum rebut_language language, struct rebut_output *out,
                           struct rebut_error *err)
{
    const bool zh = language == REBUT_CHINESE;
    struct rebut_form_text text;
    if (!rebut_form_text_make(form, pack, language, &text, err))
        return false;
    write_form(form, zh, out);
    write_expiry(pack, zh, out);
    write_text(form, &text, zh, out);
    rebut_form_text_release(&text);
    return true;
}
