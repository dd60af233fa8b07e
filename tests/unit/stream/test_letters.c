/* Dead letters of a file come back as they were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "folder.h"
#include "rebut/effects.h"
#include "rebut/letters.h"

static char seen[4096];

static bool note(void *context, const struct rebut_letter *letter,
                 struct rebut_error *err)
{
    (void)context, (void)err;
    const size_t used = strlen(seen);
    snprintf(seen + used, sizeof seen - used, "%.*s:%.*s:%.*s\n",
             (int)letter->reason.size, letter->reason.data, (int)letter->key.size,
             letter->key.data == NULL ? "" : letter->key.data, (int)letter->line.size,
             letter->line.data);
    return true;
}

static void put(struct rebut_effects *effects, const char *reason, struct rebut_text line,
                const char *key, uint64_t bytes)
{
    const struct rebut_message message = {.line = line,
                                          .key = rebut_text_of(key),
                                          .bytes = bytes == 0 ? line.size : bytes,
                                          .position = {7, 0}};
    const struct rebut_dead_letter letter = {
        .message = &message, .reason = reason, .position = {7, 0}};
    assert_true(effects->dead(effects, &letter));
}

static void letters_of_a_file_come_back_as_they_were(void **state)
{
    (void)state;
    char path[100];
    snprintf(path, sizeof path, "%s/letters", folder);
    struct rebut_error err = {0};
    struct rebut_effects *effects = NULL;
    for (int i = 0; i < 2; i++) { /* a second opening adds */
        assert_true(rebut_effects_output(&effects, STDOUT_FILENO, path, &err));
        put(effects, "no_json", REBUT_TEXT("a \"b\"\t\\"), "k1", 0);
        put(effects, "no_json", REBUT_TEXT("\xff\x01\xfe"), NULL, 0);
        put(effects, "too_long", REBUT_TEXT("xxx"), "k2", 1 << 21);
        put(effects, "conflict", REBUT_TEXT("{}"), "\xe4\xba\xba", 0);
        assert_true(effects->commit(effects, &err));
        effects->close(effects);
    }
    FILE *file = fopen(path, "a");
    fputs("this is no letter\n", file);
    fclose(file);

    struct rebut_letters_counts counts;
    seen[0] = '\0';
    assert_true(rebut_letters_read(path, NULL, note, NULL, &counts, &err));
    assert_int_equal(counts.replayed, 6);
    assert_int_equal(counts.cut, 2);
    assert_int_equal(counts.other, 1);
    const char once[] = "no_json:k1:a \"b\"\t\\\nno_json::\xff\x01\xfe\n"
                        "conflict:\xe4\xba\xba:{}\n";
    assert_memory_equal(seen, once, sizeof once - 1);
    assert_string_equal(seen + sizeof once - 1, once);

    seen[0] = '\0';
    assert_true(rebut_letters_read(path, "conflict", note, NULL, &counts, &err));
    assert_int_equal(counts.replayed, 2);
    assert_int_equal(counts.other, 7);
    assert_false(rebut_letters_read("/nowhere/at/all", NULL, note, NULL, &counts, &err));
    assert_int_equal(err.code, REBUT_EIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(letters_of_a_file_come_back_as_they_were,
                                        make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
