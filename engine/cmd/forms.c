/* rebut forms -- what does each platform's appeal form take? */
#include <getopt.h>
#include <stdio.h>

#include "command.h"
#include "rebut/forms.h"

static const char usage_text[] =
    "usage: rebut forms [NAME...] [OPTIONS]\n"
    "\n"
    "What the appeal forms of platforms take: text, images, videos, reasons, window, "
    "each\n"
    "with its source and date.  What nobody knows is shown as unknown, and is not "
    "guessed.\n"
    "\n"
    "  NAME         a form of those within the program, or a JSON file with a form "
    "(named\n"
    "               with '/' or '.json'); without any, all within the program\n"
    "  --lang LANG  zh (default) or en\n"
    "  --json       one JSON object a form instead: a file that --form reads\n"
    "\n"
    "Platforms change their forms: go by the page where it differs.\n"
    "Example: rebut forms pinduoduo-after-sale\n";

enum { OPTION_LANG = 256, OPTION_JSON, OPTION_HELP };

static const struct option long_options[] = {
    {"lang", required_argument, NULL, OPTION_LANG},
    {"json", no_argument, NULL, OPTION_JSON},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0}};

static bool write_form(const char *name, enum rebut_language language, bool json,
                       struct rebut_output *out, struct rebut_error *err)
{
    struct rebut_form form;
    if (!rebut_form_find(name, &form, err))
        return false;
    if (json)
        rebut_form_write_json(&form, out);
    else
        rebut_form_write(&form, language, out);
    rebut_form_release(&form);
    return true;
}

static bool write_forms(char **names, int count, enum rebut_language language, bool json,
                        struct rebut_error *err)
{
    struct rebut_output out;
    const bool all = count == 0;
    bool ok = true;
    if (!rebut_output_open(&out, NULL, err))
        return false;
    count = all ? rebut_form_files_count : count;
    for (int i = 0; i < count && ok; i++) {
        if (i > 0 && !json)
            rebut_output_print(&out, "\n");
        ok = write_form(all ? rebut_form_files[i].name : names[i], language, json, &out,
                        err);
    }
    ok = ok && rebut_output_commit(&out, err);
    rebut_output_release(&out);
    return ok;
}

static int run(int argc, char **argv)
{
    enum rebut_language language = REBUT_CHINESE;
    struct rebut_error err = {0};
    bool json = false;
    int letter = 0;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (letter == OPTION_HELP)
            return rebut_command_help(&rebut_command_forms);
        if (letter == '?')
            return 2;
        if (letter == OPTION_JSON)
            json = true;
        else if (!rebut_language_parse(optarg, &language))
            return rebut_command_usage(&rebut_command_forms,
                                       "expected --lang zh or en, got '%.20s'", optarg);
    }
    if (!write_forms(argv + optind, argc - optind, language, json, &err))
        return rebut_command_failed(&rebut_command_forms, &err);
    return 0;
}

const struct rebut_command rebut_command_forms = {
    .name = "forms",
    .summary = "what the appeal forms of platforms take, with source and date",
    .usage_text = usage_text,
    .run = run,
};
