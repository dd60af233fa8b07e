#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "rebut/time.h"
#include "worklist_parts.h"

/* Widths in characters, two a Chinese one. */
static const double widths[WORKLIST_COLUMNS] = {
    [WORKLIST_PLACE] = 10,      [WORKLIST_REQUEST] = 20,  [WORKLIST_MERCHANT] = 14,
    [WORKLIST_REASON] = 14,     [WORKLIST_ASKED] = 11,    [WORKLIST_PROBABILITY] = 9,
    [WORKLIST_ANSWER] = 14,     [WORKLIST_EXPECTED] = 18, [WORKLIST_DEADLINE] = 19,
    [WORKLIST_LEFT] = 10,       [WORKLIST_RECORD] = 16,   [WORKLIST_SHOP] = 12,
    [WORKLIST_ORDER] = 22,      [WORKLIST_ITEM] = 16,     [WORKLIST_FILE] = 44,
    [WORKLIST_LOW] = 12,        [WORKLIST_HIGH] = 12,     [WORKLIST_Q] = 14,
    [WORKLIST_APPEAL] = 12,     [WORKLIST_WEIGHT] = 22,   [WORKLIST_SUPPORTS] = 12,
    [WORKLIST_CONTRADICTS] = 14};

static const char *const number_formats[WORKLIST_KINDS] = {[WORKLIST_TEXT] = "@",
                                                           [WORKLIST_COUNT] = "0",
                                                           [WORKLIST_YUAN] = "#,##0.00",
                                                           [WORKLIST_SHARE] = "0.00%",
                                                           [WORKLIST_HOURS] = "0.0",
                                                           [WORKLIST_FACTOR] = "0.000",
                                                           [WORKLIST_INSTANT] =
                                                               "yyyy-mm-dd hh:mm:ss"};

struct sheet {
    lxw_workbook *book;
    lxw_worksheet *page;
    lxw_format *formats[WORKLIST_KINDS];
    enum rebut_language language;
    int fd; /* of the workbook, in memory */
};

/* The library takes words that it does not change as if it might. */
static char *unchanged(const char *words)
{
    return (char *)(uintptr_t)words;
}

static void describe(const struct sheet *sheet, int64_t as_of)
{
    const bool zh = sheet->language == REBUT_CHINESE;
    char time[REBUT_TIME_SIZE];
    rebut_time_format(as_of, 8 * 60, time);
    lxw_doc_properties about = {
        .title = unchanged(zh ? "仅退款申诉工作清单" : "Refund-only requests to appeal"),
        .subject = time,
        .comments = unchanged(zh ? "这是统计证据，不是法律认定；是否滥用须由人判断。"
                                 : "This is statistical evidence, not a legal finding; a "
                                   "person must decide."),
        .created = as_of >= REBUT_SECOND ? (time_t)(as_of / REBUT_SECOND) : 1};
    workbook_set_properties(sheet->book, &about);
}

static bool begin(struct sheet *sheet, int64_t as_of)
{
    const bool zh = sheet->language == REBUT_CHINESE;
    sheet->page = workbook_add_worksheet(sheet->book, zh ? "工作清单" : "Worklist");
    lxw_format *head = workbook_add_format(sheet->book);
    if (sheet->page == NULL || head == NULL)
        return false;
    describe(sheet, as_of);
    format_set_bold(head);
    format_set_text_wrap(head);
    format_set_align(head, LXW_ALIGN_VERTICAL_TOP);
    format_set_bottom(head, LXW_BORDER_THIN);
    for (int kind = 0; kind < WORKLIST_KINDS; kind++) {
        sheet->formats[kind] = workbook_add_format(sheet->book);
        if (sheet->formats[kind] == NULL)
            return false;
        format_set_num_format(sheet->formats[kind], number_formats[kind]);
        if (kind == WORKLIST_TEXT) /* apart from the number before it */
            format_set_indent(sheet->formats[kind], 1);
    }
    worksheet_freeze_panes(sheet->page, 1, 2);
    worksheet_set_landscape(sheet->page);
    worksheet_set_paper(sheet->page, 9); /* A4 */
    worksheet_fit_to_pages(sheet->page, 1, 0);
    worksheet_repeat_rows(sheet->page, 0, 0);
    bool ok = worksheet_set_row(sheet->page, 0, 78, NULL) == LXW_NO_ERROR;
    for (int column = 0; column < WORKLIST_COLUMNS; column++) {
        const lxw_col_t at = (lxw_col_t)column;
        const char *words = worklist_head((enum worklist_column)column, sheet->language);
        ok = ok &&
             worksheet_set_column(sheet->page, at, at, widths[column], NULL) ==
                 LXW_NO_ERROR &&
             worksheet_write_string(sheet->page, 0, at, words, head) == LXW_NO_ERROR;
    }
    return ok;
}

static bool put_row(const struct sheet *sheet, const struct rebut_worklist *list,
                    uint32_t place)
{
    bool ok = true;
    for (int column = 0; column < WORKLIST_COLUMNS; column++) {
        struct worklist_cell cell;
        worklist_cell(list, place, (enum worklist_column)column, sheet->language, &cell);
        const lxw_row_t row = place + 1;
        const lxw_col_t at = (lxw_col_t)column;
        lxw_format *format = sheet->formats[cell.kind];
        ok = ok && (cell.kind == WORKLIST_TEXT
                        ? worksheet_write_string(sheet->page, row, at, cell.text, format)
                        : worksheet_write_number(sheet->page, row, at, cell.number,
                                                 format)) == LXW_NO_ERROR;
    }
    return ok;
}

/* The whole workbook into sheet->fd. */
static bool fill(struct sheet *sheet, const struct rebut_worklist *list,
                 const char *folder, struct rebut_error *err)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", sheet->fd);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE,
                                    .tmpdir = unchanged(folder)};
    sheet->book = workbook_new_opt(path, &options);
    if (sheet->book == NULL)
        return rebut_fail_memory(err, "a workbook");
    bool ok = begin(sheet, list->as_of);
    /* All columns on one sheet of paper would be too small to read. */
    if (ok)
        ok = worksheet_print_area(sheet->page, 0, 0, list->rows.count, WORKLIST_SHOP) ==
             LXW_NO_ERROR;
    if (ok && list->rows.count > 0)
        worksheet_autofilter(sheet->page, 0, 0, list->rows.count, WORKLIST_COLUMNS - 1);
    for (uint32_t i = 0; ok && i < list->rows.count; i++)
        ok = put_row(sheet, list, i);
    const lxw_error error = workbook_close(sheet->book); /* frees it in any case */
    if (error == LXW_ERROR_MEMORY_MALLOC_FAILED)
        return rebut_fail_memory(err, "a workbook");
    return (ok && error == LXW_NO_ERROR) ||
           rebut_fail(err, REBUT_EIO, "cannot make the worklist's sheet: %s",
                      error == LXW_NO_ERROR ? "a cell was refused" : lxw_strerror(error));
}

/* Look at what was made, then hand it on. */
static bool hand_on(const struct sheet *sheet, uint32_t rows, struct rebut_output *out,
                    struct rebut_error *err)
{
    struct stat there;
    if (fstat(sheet->fd, &there) != 0 || there.st_size <= 0)
        return rebut_fail(err, REBUT_EIO,
                          "cannot make the worklist's sheet: it is empty");
    const size_t size = (size_t)there.st_size;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, sheet->fd, 0);
    if (bytes == MAP_FAILED)
        return rebut_fail_memory(err, "a workbook");
    /* The library does not notice when a disk is full under its temporary files. */
    const bool ok =
        worklist_is_whole(bytes, size, rows + 1) ||
        rebut_fail(err, REBUT_EIO,
                   "cannot make the worklist's sheet: a part of it is missing; "
                   "is there room on the disk?");
    if (ok)
        rebut_output_write(out, bytes, size);
    munmap(bytes, size);
    return ok;
}

bool rebut_worklist_xlsx(struct rebut_worklist *list, enum rebut_language language,
                         const char *folder, struct rebut_output *out,
                         struct rebut_error *err)
{
    struct sheet sheet = {.language = language,
                          .fd = memfd_create("rebut-worklist", MFD_CLOEXEC)};
    if (sheet.fd < 0)
        return rebut_fail(err, REBUT_EIO, "cannot make the worklist's sheet: %s",
                          strerror(errno));
    worklist_sort(list);
    const bool ok =
        fill(&sheet, list, folder, err) && hand_on(&sheet, list->rows.count, out, err);
    close(sheet.fd);
    return ok;
}
