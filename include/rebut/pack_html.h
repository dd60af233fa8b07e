/* rebut/pack_html.h -- an evidence pack as one page for people.
 *
 * A pure function of the pack and the language: one self-contained HTML file, without
 * script and without anything from elsewhere; pictures are SVG within.  Light and dark,
 * print (A4), a telephone's width and 200 % zoom; headings in order, tables with
 * captions.
 *
 * Every text from outside goes through rebut_html_text: the signs of markup are escaped,
 * each text is isolated in its direction, and control characters and those that turn the
 * direction of writing are shown as what they are.
 */
#ifndef REBUT_PACK_HTML_H
#define REBUT_PACK_HTML_H

#include "rebut/language.h"
#include "rebut/output.h"
#include "rebut/pack.h"

/* Write the page.  A failure sticks in `out` and is told by its commit. */
void rebut_pack_write_html(const struct rebut_pack *pack, enum rebut_language language,
                           struct rebut_output *out);

/* A text from outside within an element: <bdi>…</bdi>, escaped. */
void rebut_html_text(struct rebut_output *out, struct rebut_text text);

#endif
