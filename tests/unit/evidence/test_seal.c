/* A bundle is verified as it was signed, and every change of it is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "chance.h"
#include "folder.h"
#include "rebut/seal.h"
#include "rebut/time.h"
#include "stamping.h"

#define FILES 6
#define CHANGES 1000

static char key_folder[64];
static struct rebut_signer signer;
static struct rebut_public_keys keys;

static int make_keys(void **state)
{
    (void)state;
    char id[REBUT_KEY_ID_SIZE];
    struct rebut_error err = {0};
    snprintf(key_folder, sizeof key_folder, "/tmp/rebut-keys-XXXXXX");
    return mkdtemp(key_folder) != NULL &&
                   rebut_keys_make(key_folder, false, 1000, id, &err) &&
                   rebut_signer_load(key_folder, &signer, &err) &&
                   rebut_public_keys_load(key_folder, &keys, &err)
               ? 0
               : -1;
}

static int drop_keys(void **state)
{
    rebut_public_keys_release(&keys);
    snprintf(folder, sizeof folder, "%s", key_folder);
    return remove_folder(state);
}

static void seal_files(int files, const char *as_of, const char *previous)
{
    struct rebut_seal seal;
    struct rebut_error err = {0};
    const struct rebut_seal_about about = {
        .as_of = as_of, .model = "5bb42d8c", .previous = previous};
    assert_true(rebut_seal_open(&seal, folder, &signer, &about, &err));
    for (int i = 0; i < files; i++) {
        char name[32], text[200];
        snprintf(name, sizeof name, "pack-%d.json", i);
        snprintf(text, sizeof text, "{\"pack\":%d,\"text\":\"%0*d\"}\n", i, 100 + i, i);
        put_text(name, text);
        assert_true(rebut_seal_add(&seal, name, &err));
    }
    assert_true(rebut_seal_commit(&seal, &err));
    rebut_seal_release(&seal);
}

/* What verifying finds; the first fault in *ret_first. */
static uint64_t findings(enum rebut_fault *ret_first)
{
    struct rebut_verification found;
    struct rebut_error err = {0};
    assert_true(rebut_seal_verify(folder, &keys, NULL, NULL, &found, &err));
    const uint64_t count = found.found;
    *ret_first = found.count > 0 ? found.list[0].fault : REBUT_FAULTS;
    rebut_verification_release(&found);
    return count;
}

static void assert_finds(enum rebut_fault fault)
{
    struct rebut_verification found;
    struct rebut_error err = {0};
    bool any = false;
    assert_true(rebut_seal_verify(folder, &keys, NULL, NULL, &found, &err));
    for (size_t i = 0; i < found.count; i++)
        any = any || found.list[i].fault == fault;
    rebut_verification_release(&found);
    if (!any)
        fail_msg("no finding '%s'", rebut_words_fault[fault]);
}

static void a_bundle_is_as_it_was_signed_and_the_same_bytes_again(void **state)
{
    (void)state;
    enum rebut_fault first;
    seal_files(FILES, "2026-06-28T23:57:30+08:00", NULL);
    assert_int_equal(findings(&first), 0);
    char *manifest = get_file(in_folder("manifest.json"));
    char *signature = get_file(in_folder("manifest.sig"));
    seal_files(FILES, "2026-06-28T23:57:30+08:00", NULL);
    char *manifest_again = get_file(in_folder("manifest.json"));
    char *signature_again = get_file(in_folder("manifest.sig"));
    assert_string_equal(manifest, manifest_again);
    assert_string_equal(signature, signature_again);
    free(manifest);
    free(signature);
    free(manifest_again);
    free(signature_again);
}

static void an_empty_bundle_is_one(void **state)
{
    (void)state;
    enum rebut_fault first;
    seal_files(0, "2026-06-28T23:57:30+08:00", NULL);
    assert_int_equal(findings(&first), 0);
}

/* ---- a thousand changes ---- */

/* What is sealed, then the seal's own. */
#define IMAGES (FILES + 4)

struct image {
    const char *name;
    char *bytes;
    size_t size;
};

static void take(struct image *image, const char *name)
{
    image->name = name;
    FILE *file = fopen(in_folder(name), "rb");
    image->bytes = malloc(8192);
    assert_non_null(file);
    assert_non_null(image->bytes);
    image->size = fread(image->bytes, 1, 8192, file);
    assert_in_range(image->size, 1, 8191);
    fclose(file);
}

static void put_back(const struct image *image)
{
    put_file(image->name, image->bytes, image->size);
}

/* Change one byte, cut, lengthen, remove, exchange with another, or add one. */
static void change(const struct image *images, int count, uint64_t *noise,
                   struct image *ret_added)
{
    const struct image *image = &images[chance_below(noise, (uint32_t)count)];
    const struct image *other = &images[chance_below(noise, (uint32_t)count)];
    char bytes[8192];
    memcpy(bytes, image->bytes, image->size);
    const uint32_t at = chance_below(noise, (uint32_t)image->size);
    switch (chance_below(noise, 6)) {
    case 0:
        bytes[at] = (char)(bytes[at] ^ (1 << chance_below(noise, 8)));
        put_file(image->name, bytes, image->size);
        break;
    case 1:
        put_file(image->name, bytes, at);
        break;
    case 2:
        bytes[image->size] = (char)chance_below(noise, 256);
        put_file(image->name, bytes, image->size + 1);
        break;
    case 3:
        unlink(in_folder(image->name));
        break;
    case 4:
        if (other == image) {
            put_file(image->name, bytes, 0);
            break;
        }
        put_file(image->name, other->bytes, other->size);
        put_file(other->name, bytes, image->size);
        break;
    default:
        ret_added->name = "pack-100.json";
        put_file(ret_added->name, bytes, image->size);
    }
}

/* A request, and a reply to it. */
static void put_stamp(void)
{
    struct rebut_error err = {0};
    struct image request;
    struct bytes bytes;
    assert_true(rebut_seal_ask_stamp(folder, &err));
    take(&request, "manifest.tsq");
    assert_int_equal(request.size, REBUT_STAMP_REQUEST);
    const unsigned char *asked = (const unsigned char *)request.bytes;
    const struct reply reply = {
        .time = "20260628160000Z", .imprint = asked + 5, .nonce = asked + 88};
    make_reply(&reply, &bytes);
    put_file("manifest.tsr", bytes.data, bytes.size);
    free(request.bytes);
}

/* Is anything wrong, or the time stamp gone or another? */
static bool is_noticed(void)
{
    struct rebut_verification found;
    struct rebut_error err = {0};
    int64_t at = 0;
    assert_true(rebut_time_parse(REBUT_TEXT("2026-06-28T16:00:00Z"), &at));
    assert_true(rebut_seal_verify(folder, &keys, NULL, NULL, &found, &err));
    const bool noticed =
        found.found > 0 || found.stamp != REBUT_STAMP_FITS || found.stamped_at != at;
    rebut_verification_release(&found);
    return noticed;
}

/* Not noticed may go, without the authority's signature, one bit of the reply's policy,
 * serial number and the like. */
static bool is_bit_of_reply(const struct image *reply)
{
    struct image now;
    unsigned bits = 0;
    if (access(in_folder(reply->name), F_OK) != 0)
        return false;
    take(&now, reply->name);
    for (size_t i = 0; i < now.size && now.size == reply->size; i++)
        bits +=
            (unsigned)__builtin_popcount((unsigned char)(now.bytes[i] ^ reply->bytes[i]));
    free(now.bytes);
    return bits == 1;
}

static void every_change_is_found(void **state)
{
    (void)state;
    struct image images[IMAGES];
    uint64_t noise = 7;
    int unnoticed = 0;
    seal_files(FILES, "2026-06-28T23:57:30+08:00", NULL);
    put_stamp();
    static const char *const names[IMAGES] = {
        "pack-0.json", "pack-1.json",   "pack-2.json",  "pack-3.json",  "pack-4.json",
        "pack-5.json", "manifest.json", "manifest.sig", "manifest.tsq", "manifest.tsr"};
    for (int i = 0; i < IMAGES; i++)
        take(&images[i], names[i]);
    for (int i = 0; i < CHANGES; i++) {
        struct image added = {.name = NULL};
        change(images, IMAGES, &noise, &added);
        if (!is_noticed()) {
            if (!is_bit_of_reply(&images[IMAGES - 1]))
                fail_msg("change %d is not found", i);
            unnoticed++;
        }
        if (added.name != NULL)
            unlink(in_folder(added.name));
        for (int k = 0; k < IMAGES; k++)
            put_back(&images[k]);
    }
    assert_false(is_noticed());
    assert_in_range(unnoticed, 0, 5);
    for (int i = 0; i < IMAGES; i++)
        free(images[i].bytes);
}

static void a_time_stamp_of_another_signature_is_named(void **state)
{
    (void)state;
    seal_files(FILES, "2026-06-28T23:57:30+08:00", NULL);
    put_stamp();
    assert_false(is_noticed());
    seal_files(FILES - 1, "2026-06-28T23:57:30+08:00", NULL);
    unlink(in_folder("pack-5.json"));
    assert_finds(REBUT_FAULT_STAMP_REQUEST);
    assert_finds(REBUT_FAULT_STAMP);
}

/* Sign another manifest with the same key, as one who has the key but not the last file
 * might: the total tells. */
static void one_taken_from_the_end_is_missed(void **state)
{
    (void)state;
    seal_files(FILES, "2026-06-28T23:57:30+08:00", NULL);
    unlink(in_folder("pack-5.json"));
    assert_finds(REBUT_FAULT_MISSING);
    char *text = get_file(in_folder("manifest.json"));
    char *last = strstr(text, ",{\"blake2b\":\"");
    for (char *next = last; next != NULL; next = strstr(last + 1, ",{\"blake2b\":\""))
        last = next;
    char *end = strstr(last, "],\"key\"");
    memmove(last, end, strlen(end) + 1);
    put_text("manifest.json", text);
    assert_finds(REBUT_FAULT_TOTAL);
    assert_finds(REBUT_FAULT_SIGNATURE);
    free(text);
}

static void a_link_is_not_a_file(void **state)
{
    (void)state;
    seal_files(FILES, "2026-06-28T23:57:30+08:00", NULL);
    char *text = get_file(in_folder("pack-1.json"));
    put_text("elsewhere", text);
    unlink(in_folder("pack-1.json"));
    assert_int_equal(symlink("elsewhere", in_folder("pack-1.json")), 0);
    assert_finds(REBUT_FAULT_MISSING);
    free(text);
}

static void names_that_lead_elsewhere_are_no_names(void **state)
{
    (void)state;
    static const char *const bad[] = {"../a",          "a/b", "/a",    ".a",          "",
                                      "manifest.json", "a b", "a\x01", "\xe4\xbb\xb6"};
    struct rebut_seal seal;
    struct rebut_error err = {0};
    const struct rebut_seal_about about = {.as_of = "", .model = ""};
    assert_true(rebut_seal_open(&seal, folder, &signer, &about, &err));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct rebut_error why = {0};
        assert_false(rebut_seal_add(&seal, bad[i], &why));
        assert_int_equal(why.code, REBUT_EINPUT);
    }
    rebut_seal_release(&seal);
}

static void another_s_key_is_not_known(void **state)
{
    (void)state;
    struct rebut_public_keys none = {0};
    struct rebut_verification found;
    struct rebut_error err = {0};
    seal_files(FILES, "2026-06-28T23:57:30+08:00", NULL);
    assert_true(rebut_seal_verify(folder, &none, NULL, NULL, &found, &err));
    assert_int_equal(found.found, 1);
    assert_int_equal(found.list[0].fault, REBUT_FAULT_UNKNOWN_KEY);
    rebut_verification_release(&found);
}

static void a_revoked_key_counts_for_what_was_before(void **state)
{
    (void)state;
    struct rebut_public_keys revoked = {0};
    struct rebut_public_key key = keys.list[0];
    struct rebut_verification found;
    struct rebut_error err = {0};
    assert_true(rebut_time_parse(rebut_text_of("2026-07-01T00:00:00Z"), &key.revoked_at));
    revoked.list = &key;
    revoked.count = 1;
    seal_files(FILES, "2026-06-28T23:57:30+08:00", NULL);
    assert_true(rebut_seal_verify(folder, &revoked, NULL, NULL, &found, &err));
    assert_int_equal(found.found, 0);
    rebut_verification_release(&found);
    seal_files(FILES, "2026-07-02T23:57:30+08:00", NULL);
    assert_true(rebut_seal_verify(folder, &revoked, NULL, NULL, &found, &err));
    assert_int_equal(found.found, 1);
    assert_int_equal(found.list[0].fault, REBUT_FAULT_REVOKED);
    rebut_verification_release(&found);
}

static void bundles_follow_each_other(void **state)
{
    (void)state;
    struct rebut_verification found;
    struct rebut_error err = {0};
    char before[REBUT_SEAL_HEX], other[REBUT_SEAL_HEX];
    uint64_t bytes = 0;
    seal_files(2, "2026-06-28T23:57:30+08:00", NULL);
    assert_true(rebut_seal_hash(in_folder("manifest.json"), before, &bytes, &err));
    memset(other, 'a', sizeof other - 1);
    other[sizeof other - 1] = '\0';
    seal_files(FILES, "2026-06-29T23:57:30+08:00", before);
    assert_true(rebut_seal_verify(folder, &keys, NULL, before, &found, &err));
    assert_int_equal(found.found, 0);
    rebut_verification_release(&found);
    assert_true(rebut_seal_verify(folder, &keys, NULL, other, &found, &err));
    assert_int_equal(found.list[0].fault, REBUT_FAULT_PREVIOUS);
    rebut_verification_release(&found);
}

static void one_file_can_be_asked_about(void **state)
{
    (void)state;
    struct rebut_verification found;
    struct rebut_error err = {0};
    seal_files(FILES, "2026-06-28T23:57:30+08:00", NULL);
    put_text("pack-1.json", "changed");
    assert_true(rebut_seal_verify(folder, &keys, "pack-0.json", NULL, &found, &err));
    assert_int_equal(found.found, 0);
    assert_int_equal(found.files, 1);
    rebut_verification_release(&found);
    assert_true(rebut_seal_verify(folder, &keys, "pack-1.json", NULL, &found, &err));
    assert_int_equal(found.found, 1);
    rebut_verification_release(&found);
    assert_true(rebut_seal_verify(folder, &keys, "pack-9.json", NULL, &found, &err));
    assert_int_equal(found.list[0].fault, REBUT_FAULT_EXTRA);
    rebut_verification_release(&found);
}

static void secrets_that_others_may_read_are_refused(void **state)
{
    (void)state;
    char path[128];
    struct rebut_signer again;
    struct rebut_error err = {0};
    snprintf(path, sizeof path, "%s/signing-%s.key", key_folder, signer.id);
    assert_int_equal(chmod(path, 0640), 0);
    assert_false(rebut_signer_load(key_folder, &again, &err));
    assert_non_null(strstr(err.message, "others may read it (mode 0640)"));
    assert_int_equal(chmod(path, 0600), 0);
}

static void keys_turn_over_and_old_ones_stay_public(void **state)
{
    (void)state;
    char first[REBUT_KEY_ID_SIZE], second[REBUT_KEY_ID_SIZE], path[80];
    struct rebut_public_keys list;
    struct rebut_signer now;
    struct rebut_error err = {0};
    unsigned char secret[REBUT_BUYERS_SECRET], secret_again[REBUT_BUYERS_SECRET];
    snprintf(path, sizeof path, "%s", folder);
    assert_true(rebut_keys_make(path, false, 5, first, &err));
    assert_true(rebut_buyers_secret_load(path, secret, &err));
    assert_false(rebut_keys_make(path, false, 6, second, &err));
    assert_int_equal(err.code, REBUT_EUSAGE);
    err = (struct rebut_error){0};
    assert_true(rebut_keys_make(path, true, 7, second, &err));
    assert_true(rebut_signer_load(path, &now, &err));
    assert_string_equal(now.id, second);
    assert_true(rebut_buyers_secret_load(path, secret_again, &err));
    assert_memory_equal(secret, secret_again, sizeof secret);
    assert_true(rebut_keys_revoke(path, first, 9, "laptop stolen", &err));
    assert_true(rebut_public_keys_load(path, &list, &err));
    assert_int_equal(list.count, 2);
    assert_int_equal(rebut_public_key_find(&list, first)->revoked_at, 9);
    assert_int_equal(rebut_public_key_find(&list, second)->revoked_at, REBUT_TIME_NONE);
    rebut_public_keys_release(&list);
    assert_true(rebut_keys_revoke(path, second, 9, "too", &err));
    assert_false(rebut_signer_load(path, &now, &err));
    assert_non_null(strstr(err.message, "is revoked"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_bundle_is_as_it_was_signed_and_the_same_bytes_again),
        TEST(an_empty_bundle_is_one),
        TEST(every_change_is_found),
        TEST(a_time_stamp_of_another_signature_is_named),
        TEST(one_taken_from_the_end_is_missed),
        TEST(a_link_is_not_a_file),
        TEST(names_that_lead_elsewhere_are_no_names),
        TEST(another_s_key_is_not_known),
        TEST(a_revoked_key_counts_for_what_was_before),
        TEST(bundles_follow_each_other),
        TEST(one_file_can_be_asked_about),
        TEST(secrets_that_others_may_read_are_refused),
        TEST(keys_turn_over_and_old_ones_stay_public),
    };
    return cmocka_run_group_tests_name("seal", tests, make_keys, drop_keys);
}
