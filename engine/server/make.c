#include "server_parts.h"
void rebut_server_score_make(struct rebut_http_call *call)
{
    rebut_http_refuse(call, 503, "no-night", NULL,
                      "the server was started without a night");
}
