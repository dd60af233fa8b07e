#include "rebut/pack_pdf.h"

#include "pdf_paper.h"

static void put_all(struct pdf_paper *paper, bool drawing)
{
    pdf_begin(paper, drawing);
    pdf_tag(paper, "Document");
    pdf_case(paper);
    pdf_records(paper);
    pdf_score(paper);
    pdf_untag(paper, "Document");
    pdf_end(paper);
}

bool rebut_pack_pdf(const struct rebut_pack *pack, enum rebut_language language,
                    struct rebut_output *out, struct rebut_error *err)
{
    struct pdf_paper paper;
    if (!pdf_paper_open(&paper, pack, language, out, err))
        return false;
    put_all(&paper, false);
    put_all(&paper, true);
    cairo_status_t status = cairo_status(paper.cairo);
    cairo_surface_finish(paper.surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(paper.surface);
    pdf_paper_release(&paper);
    if (status == CAIRO_STATUS_SUCCESS)
        return true;
    return rebut_fail(err, status == CAIRO_STATUS_NO_MEMORY ? REBUT_ENOMEM : REBUT_EIO,
                      "cannot draw: %s", cairo_status_to_string(status));
}
