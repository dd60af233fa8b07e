/* No bytes of a form crash who reads it; one that is read says the same when written. */
#include <stdint.h>
#include <stdlib.h>

#include "rebut/forms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write(const struct rebut_form *form, struct rebut_output *out)
{
    if (!rebut_output_memory(out, NULL))
        abort();
    rebut_form_write_json(form, out);
    if (out->cause != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rebut_text bytes = {(const char *)data, size};
    struct rebut_form one, other;
    struct rebut_output said, again;
    struct rebut_error err = {0};
    if (!rebut_form_read(bytes, "fuzz", &one, &err)) {
        if (err.code == 0)
            abort();
        return 0;
    }
    write(&one, &said);
    if (!rebut_form_read((struct rebut_text){said.buffer, said.used}, "again", &other,
                         &err))
        abort();
    write(&other, &again);
    if (said.used != again.used || memcmp(said.buffer, again.buffer, said.used) != 0)
        abort();
    rebut_output_release(&said);
    rebut_output_release(&again);
    rebut_form_release(&one);
    rebut_form_release(&other);
    return 0;
}
