/* A reply counts only when it is DER, grants, and is of our hash and nonce. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "rebut/time.h"
#include "stamping.h"

static const struct rebut_text signature = {"{\"signature\":\"00\"}\n", 19};

static unsigned char request[REBUT_STAMP_REQUEST];

static struct reply good_reply(void)
{
    rebut_stamp_request(signature, request);
    return (struct reply){
        .time = "20260628155730Z", .imprint = request + 5, .nonce = request + 88};
}

static bool is_read(const void *data, size_t size, struct rebut_stamp *ret,
                    struct rebut_error *err)
{
    return rebut_stamp_read((struct rebut_text){data, size}, request, ret, err);
}

static void assert_refused(const struct reply *reply, const char *words)
{
    struct bytes bytes;
    struct rebut_stamp stamp = {.at = 42};
    struct rebut_error err = {0};
    make_reply(reply, &bytes);
    assert_false(is_read(bytes.data, bytes.size, &stamp, &err));
    assert_int_equal(err.code, REBUT_EDATA);
    assert_int_equal(stamp.at, 42);
    if (strstr(err.message, words) == NULL)
        fail_msg("expected '%s', came '%s'", words, err.message);
}

static void a_request_is_the_known_bytes(void **state)
{
    (void)state;
    /* printf '{"signature":"00"}\n' | sha512sum; the nonce is of the hash's hash. */
    static const unsigned char head[] = {0x30, 0x63, 2, 1,    1,    0x30, 0x51, 0x30,
                                         0x0d, 6,    9, 0x60, 0x86, 0x48, 1,    0x65,
                                         3,    4,    2, 3,    5,    0,    4,    0x40};
    rebut_stamp_request(signature, request);
    assert_memory_equal(request, head, sizeof head);
    assert_memory_equal(request + 24, "\x66\xf1\x45\x30\x76\x04\x54\x33", 8);
    assert_memory_equal(request + 98, "\x01\x01\xff", 3);
    assert_in_range(request[90], 0x40, 0x7f);
}

static void a_reply_to_the_request_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *time, *same;
    } times[] = {{"20260628155730Z", "2026-06-28T15:57:30Z"},
                 {"20260628155730.5Z", "2026-06-28T15:57:30.5Z"},
                 {"20260628155730.123456789Z", "2026-06-28T15:57:30.123456Z"}};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct reply reply = good_reply();
        struct bytes bytes;
        struct rebut_stamp stamp;
        struct rebut_error err = {0};
        int64_t at = 0;
        reply.time = times[i].time;
        reply.status = i == 0; /* granted with changes is granted */
        make_reply(&reply, &bytes);
        if (!is_read(bytes.data, bytes.size, &stamp, &err))
            fail_msg("%s", err.message);
        assert_true(rebut_time_parse(rebut_text_of(times[i].same), &at));
        assert_int_equal(stamp.at, at);
    }
}

static void a_reply_that_grants_nothing_is_none(void **state)
{
    (void)state;
    struct reply reply = good_reply();
    reply.status = 2;
    assert_refused(&reply, "not granted: the reply's status is 2 (rejection)");
    reply.status = 200;
    assert_refused(&reply, "not granted: the reply's status is 200 (unknown)");
}

static void a_reply_of_something_else_is_named(void **state)
{
    (void)state;
    struct reply reply = good_reply();
    unsigned char other[REBUT_STAMP_REQUEST];
    rebut_stamp_request(REBUT_TEXT("another signature"), other);
    reply.imprint = other + 5;
    assert_refused(&reply, "a time stamp of something else");
    reply = good_reply();
    reply.nonce = other + 88;
    assert_refused(&reply, "the nonce is not ours");
    reply.nonce = NULL;
    assert_refused(&reply, "the nonce is not ours");
    /* The hash's algorithm is looked at, not only its bytes. */
    reply = good_reply();
    memcpy(other, request, sizeof other);
    other[19] = 2; /* SHA-384 */
    reply.imprint = other + 5;
    assert_refused(&reply, "a time stamp of something else");
}

static void times_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"20260628155730",     "2026062815573Z",
                                      "20261328155730Z",    "20260628155730.Z",
                                      "20260628155730.50Z", "20260628155730+0800",
                                      "2026062815573aZ",    "",
                                      "20260628155730,5Z",  "20260628155730.1.5Z",
                                      "20260628255730Z"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct reply reply = good_reply();
        reply.time = bad[i];
        assert_refused(&reply, "without a time stamp in it");
    }
}

static void what_follows_the_nonce_is_looked_at(void **state)
{
    (void)state;
    struct reply reply = good_reply();
    reply.after = "\x05"; /* NULL has no place there */
    assert_refused(&reply, "without a time stamp in it");
    reply.after = "\xa0\x05"; /* longer than what is left */
    assert_refused(&reply, "without a time stamp in it");
}

static void der_has_one_spelling(void **state)
{
    (void)state;
    static const struct {
        unsigned char bytes[10];
        size_t size;
    } bad[] = {
        {{0}, 0},
        {{0x30}, 1},
        {{0x30, 0x80, 0, 0}, 4},                /* no definite length */
        {{0x30, 0x81, 5, 0x30, 3, 2, 1, 0}, 8}, /* a long form of a short length */
        {{0x30, 0x82, 0, 5, 0x30, 3, 2, 1, 0}, 9},
        {{0x30, 0x85, 0, 0, 0, 0, 1}, 7},
        {{0x30, 0xff, 0, 0, 0, 0, 1}, 7},
        {{0x30, 0x84, 0xff, 0xff, 0xff, 0xff}, 6}, /* longer than all there is */
        {{0x30, 6, 0x30, 4, 2, 2, 0, 0}, 8},       /* an integer of two bytes */
        {{0x30, 5, 0x30, 3, 2, 1, 0, 0}, 8},       /* a byte after the end */
        {{0x30, 5, 0x30, 3, 2, 1, 0}, 7},          /* granted, and nothing with it */
    };
    rebut_stamp_request(signature, request);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct rebut_stamp stamp;
        struct rebut_error err = {0};
        assert_false(is_read(bad[i].bytes, bad[i].size, &stamp, &err));
        assert_int_equal(err.code, REBUT_EDATA);
    }
}

static void no_part_of_a_reply_is_one_and_nothing_follows_it(void **state)
{
    (void)state;
    const struct reply reply = good_reply();
    struct bytes bytes;
    struct rebut_stamp stamp;
    make_reply(&reply, &bytes);
    for (size_t size = 0; size < bytes.size; size++)
        assert_false(is_read(bytes.data, size, &stamp, NULL));
    assert_true(is_read(bytes.data, bytes.size, &stamp, NULL));
    add(&bytes, "", 1);
    assert_false(is_read(bytes.data, bytes.size, &stamp, NULL));
}

/* All but what carries no meaning here (policy, serial number, versions of CMS, the
 * signers) and the time, which only the authority's signature can hold. */
static void a_changed_bit_is_found_or_is_not_ours_to_judge(void **state)
{
    (void)state;
    const struct reply reply = good_reply();
    struct bytes bytes;
    size_t unnoticed = 0;
    make_reply(&reply, &bytes);
    for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
        struct bytes changed = bytes;
        struct rebut_stamp stamp;
        changed.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
        unnoticed += is_read(changed.data, changed.size, &stamp, NULL);
    }
    /* Policy 2 bytes, serial 1, version 1, signers 2 bytes, status 1 bit, some digits. */
    assert_in_range(unnoticed, 1, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_the_known_bytes),
        cmocka_unit_test(a_reply_to_the_request_is_read),
        cmocka_unit_test(a_reply_that_grants_nothing_is_none),
        cmocka_unit_test(a_reply_of_something_else_is_named),
        cmocka_unit_test(times_that_are_none_are_refused),
        cmocka_unit_test(what_follows_the_nonce_is_looked_at),
        cmocka_unit_test(der_has_one_spelling),
        cmocka_unit_test(no_part_of_a_reply_is_one_and_nothing_follows_it),
        cmocka_unit_test(a_changed_bit_is_found_or_is_not_ours_to_judge),
    };
    return cmocka_run_group_tests_name("timestamp", tests, NULL, NULL);
}
