/* rebut/console.h -- the reviewers' console: pages, styles and scripts, gzip-compressed
 * into the program by console/compile.sh.  For rebut_server_options.files. */
#ifndef REBUT_CONSOLE_H
#define REBUT_CONSOLE_H

#include "rebut/http.h"

/* Ended by a NULL path; "/" is the page that leads to the others. */
extern const struct rebut_http_file rebut_console_files[];

#endif
