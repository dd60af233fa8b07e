#include "worklist_parts.h"

/* A spreadsheet takes a cell that begins so for a formula; full-width forms as well. */
static bool is_formula(const char *text)
{
    static const char *const wide[] = {"＝", "＋", "－", "＠"};
    if (*text != '\0' && strchr("=+-@\t\r", *text) != NULL)
        return true;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0)
            return true;
    return false;
}

static void put_text(struct rebut_output *out, const char *text)
{
    const bool guarded = is_formula(text);
    const bool quoted = guarded || strpbrk(text, "\",\r\n") != NULL;
    if (quoted)
        rebut_output_write(out, "\"", 1);
    if (guarded)
        rebut_output_write(out, "'", 1);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"')
            rebut_output_write(out, "\"", 1);
        rebut_output_write(out, at, 1);
    }
    if (quoted)
        rebut_output_write(out, "\"", 1);
}

void rebut_worklist_csv(struct rebut_worklist *list, enum rebut_language language,
                        struct rebut_output *out)
{
    worklist_sort(list);
    rebut_output_text(out, REBUT_TEXT("\xef\xbb\xbf"));
    for (int column = 0; column < WORKLIST_COLUMNS; column++) {
        rebut_output_text(out, column == 0 ? REBUT_TEXT("") : REBUT_TEXT(","));
        put_text(out, worklist_head((enum worklist_column)column, language));
    }
    rebut_output_text(out, REBUT_TEXT("\r\n"));
    for (uint32_t i = 0; i < list->rows.count && out->cause == 0; i++) {
        for (int column = 0; column < WORKLIST_COLUMNS; column++) {
            struct worklist_cell cell;
            worklist_cell(list, i, (enum worklist_column)column, language, &cell);
            rebut_output_text(out, column == 0 ? REBUT_TEXT("") : REBUT_TEXT(","));
            if (cell.kind == WORKLIST_TEXT)
                put_text(out, cell.text);
            else
                rebut_output_text(out, rebut_text_of(cell.text));
        }
        rebut_output_text(out, REBUT_TEXT("\r\n"));
    }
}
