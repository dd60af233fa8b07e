/* A report as text for a terminal; charts are left to the other forms. */
#include "paper.h"
#include "rebut/table.h"

#define COLUMNS_MOST 32

static int width_of(const struct paper *paper, uint32_t cell)
{
    return (int)rebut_text_width(rebut_text_of(paper_text(paper, cell)));
}

static void write_table(const struct paper *paper, const struct paper_block *table,
                        struct rebut_output *out)
{
    int widths[COLUMNS_MOST] = {0};
    const uint32_t *cells = paper->cells.data + table->first;
    for (uint32_t i = 0; i < table->count; i++) {
        const int width = width_of(paper, cells[i]);
        if (width > widths[i % table->columns])
            widths[i % table->columns] = width;
    }
    for (uint32_t i = 0; i < table->count; i++) {
        const uint32_t column = i % table->columns;
        const bool last = column + 1 == table->columns;
        const char *text = paper_text(paper, cells[i]);
        if (column == 0)
            rebut_output_padded(out, text, widths[0]);
        else
            rebut_output_padded(out, text, -widths[column]);
        rebut_output_print(out, last ? "\n" : "  ");
    }
}

void paper_write_text(const struct paper *paper, struct rebut_output *out)
{
    for (uint32_t i = 0; i < paper->blocks.count; i++) {
        const struct paper_block *block = &paper->blocks.data[i];
        const char *text = paper_text(paper, block->text);
        switch (block->kind) {
        case PAPER_HEADING:
            rebut_output_print(out, "\n== %s ==\n", text);
            break;
        case PAPER_TABLE:
            if (i > 0 && paper->blocks.data[i - 1].kind == PAPER_TABLE)
                rebut_output_print(out, "\n");
            rebut_output_print(out, "%s%s", text, *text == '\0' ? "" : "\n");
            write_table(paper, block, out);
            break;
        case PAPER_CHART:
            break;
        default:
            rebut_output_print(out, "%s\n", text);
        }
    }
}
