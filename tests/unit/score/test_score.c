#include <jansson.h>

#include "world.h"

/* A platform with abuse enough to fill all three answers. */
static struct world mixed_platform(unsigned seed)
{
    struct world world = world_make(seed);
    unsigned order = 0, request = 0;
    for (unsigned b = 1; b <= 150; b++)
        for (unsigned i = 0; i < 14; i++) {
            const unsigned m = world_pick(&world, 12);
            const double day = 40 * world_random(&world);
            world_order(&world, ++order, b, m, m, day)->amount =
                100 + world_pick(&world, 90000);
            world_parcel(&world, REBUT_EVENT_DELIVERY, order, day + 3);
            const double fault = m == 0 ? .35 : .01;
            const bool abuse = b <= 8 && world_pick(&world, 3) == 0;
            if (abuse || world_random(&world) < fault)
                world_request(&world, ++request, order,
                              day + 3 + (abuse ? .05 : 5 * world_random(&world)))
                    ->amount = 100 + world_pick(&world, 90000);
        }
    return world;
}

static void the_three_answers_keep_their_bounds(void **state)
{
    (void)state;
    struct world world = mixed_platform(1);
    struct run run;
    run_open(&run, &world, &(struct plan){.fit = true});
    unsigned answers[REBUT_ANSWERS] = {0};
    double wrong = 0, most = 0;
    for (uint32_t i = 0; i < run.scores.count; i++) {
        const struct rebut_score *score = &run.scores.list[i];
        answers[score->answer]++;
        wrong += 1 - score->prudent;
        most = fmax(most, wrong / (i + 1));
        assert_near(score->q_value, most, 1e-12);
        assert_true(score->prudent < score->probability);
        assert_int_equal(run.scores.by_claim[score->claim], i);
        if (score->answer == REBUT_LIKELY_ABUSE)
            assert_true(score->q_value <= .1 && score->low >= .5);
        if (score->answer == REBUT_LIKELY_LEGITIMATE)
            assert_true(score->probability <= .2 && score->high < .5);
        const uint32_t index = run.frame.claims[score->claim].request;
        assert_near(score->expected_recovery,
                    score->probability * (double)run.state.requests.data[index].amount,
                    1e-9);
    }
    for (int a = 0; a < REBUT_ANSWERS; a++)
        assert_true(answers[a] > 0);
    run_close(&run);
    world_release(&world);
}

static void who_abuses_comes_before_who_buys_at_the_bad_shop(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 5; seed++) {
        struct world world = mixed_platform(seed);
        struct run run;
        double abusers = 0, others = 0, right = 0;
        run_open(&run, &world, &(struct plan){.fit = true});
        for (uint32_t i = 0; i < run.scores.count; i++) {
            const uint32_t row = run.frame.claims[run.scores.list[i].claim].row;
            const uint32_t buyer = run.state.orders.data[run.frame.rows[row].order].buyer;
            const struct rebut_text id = rebut_intern_text(&run.state.buyer_ids, buyer);
            if (id.size == 2 && id.data[1] <= '8') {
                abusers++;
            } else {
                others++;
                right += abusers; /* abusers above this one */
            }
        }
        const double auc = right / abusers / others;
        if (!(auc > .9))
            fail_msg("area under the curve %.3f", auc);
        run_close(&run);
        world_release(&world);
    }
}

static void only_what_was_asked_since_is_scored(void **state)
{
    (void)state;
    struct world world = mixed_platform(2);
    struct run run;
    struct rebut_scores some;
    struct rebut_error err = {0};
    run_open(&run, &world, &(struct plan){0});
    const int64_t since = world_time(30);
    assert_true(rebut_scores_open(&some, &run.inference, run.model, since, &err));
    uint32_t expected = 0;
    for (uint32_t i = 0; i < run.frame.claims_count; i++) {
        const bool asked =
            run.state.requests.data[run.frame.claims[i].request].at >= since;
        expected += asked;
        assert_int_equal(some.by_claim[i] != REBUT_NONE, asked);
    }
    assert_true(expected > 0 && expected < run.scores.count);
    assert_int_equal(some.count, expected);
    rebut_scores_close(&some);
    run_close(&run);
    world_release(&world);
}

static void the_base_rate_is_noted_until_200_verdicts(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run run;
    for (unsigned i = 1; i <= 200; i++) {
        world_order(&world, i, i, 1, 1, 1);
        world_request(&world, i, i, 5);
        world_ruling(&world, REBUT_EVENT_VERDICT, i, i == 200 ? 50 : 7);
    }
    run_open(&run, &world, &(struct plan){.as_of_day = 40, .fit = true});
    assert_int_equal(run.own.verdicts, 199);
    assert_true(run_score(&run, 7)->notes & REBUT_NOTE_BASE_RATE);
    run_close(&run);
    run_open(&run, &world, &(struct plan){.fit = true});
    assert_int_equal(run.own.verdicts, 200);
    assert_false(run_score(&run, 7)->notes & REBUT_NOTE_BASE_RATE);
    assert_true(run_score(&run, 7)->notes & REBUT_NOTE_ONE_ORDER);
    run_close(&run);
    world_release(&world);
}

static void every_line_is_json_with_what_was_promised(void **state)
{
    (void)state;
    struct world world = mixed_platform(3);
    struct run run;
    world_order(&world, 9000, 1, 1, 1, 1);
    struct rebut_event *odd = world_request(&world, 9000, 9000, 6);
    odd->request_id = REBUT_TEXT("r\"\\\n,é请求");
    run_open(&run, &world, &(struct plan){.fit = true});
    struct bytes bytes = run_bytes(&run);
    uint32_t lines = 0;
    for (char *line = bytes.data; *line != '\0'; lines++) {
        char *end = strchr(line, '\n');
        assert_non_null(end);
        json_error_t cause;
        json_t *object =
            json_loadb(line, (size_t)(end - line), JSON_REJECT_DUPLICATES, &cause);
        if (object == NULL)
            fail_msg("line %u: %s", lines + 1, cause.text);
        assert_int_equal(json_integer_value(json_object_get(object, "rank")), lines + 1);
        double sum = 0;
        size_t i = 0;
        json_t *term = NULL;
        json_array_foreach(json_object_get(object, "terms"), i, term)
        {
            sum += json_number_value(json_object_get(term, "log_odds"));
            assert_true(strlen(json_string_value(json_object_get(term, "sentence"))) > 9);
        }
        assert_near(sum, json_number_value(json_object_get(object, "log_odds")), 1e-12);
        assert_true(json_is_array(json_object_get(object, "notes")));
        assert_int_equal(json_array_size(json_object_get(object, "interval")), 2);
        json_decref(object);
        line = end + 1;
    }
    assert_int_equal(lines, run.scores.count);
    free(bytes.data);
    run_close(&run);
    world_release(&world);
}

static void the_csv_has_a_row_a_score_and_a_column_a_term(void **state)
{
    (void)state;
    struct world world = world_make(1);
    struct run run;
    struct rebut_output out;
    char path[64];
    world_order(&world, 1, 1, 1, 1, 1);
    world_request(&world, 1, 1, 6)->request_id = REBUT_TEXT("a,\"b\"");
    run_open(&run, &world, &(struct plan){0});
    bytes_begin(&out, path);
    rebut_scores_write_csv(&run.scores, &out);
    struct bytes bytes = bytes_end(&out, path);
    char *row = strchr(bytes.data, '\n');
    assert_non_null(row);
    assert_ptr_equal(strstr(bytes.data, "rank,request_id,order_id,"), bytes.data);
    assert_ptr_equal(strstr(bytes.data, "1,\"a,\"\"b\"\"\",o1,b1,m1,"), row + 1);
    int heading = 0, fields = 0;
    for (const char *at = bytes.data; at < row; at++)
        heading += *at == ',';
    for (const char *at = row + 1; *at != '\0'; at++)
        fields += *at == ',';
    assert_int_equal(fields, heading + 1); /* one within the id */
    assert_ptr_equal(strchr(row + 1, '\n'), bytes.data + bytes.size - 1);
    free(bytes.data);
    run_close(&run);
    world_release(&world);
}

static void without_requests_nothing_is_written(void **state)
{
    (void)state;
    struct world world = world_make(1);
    world_order(&world, 1, 1, 1, 1, 1);
    struct bytes bytes = world_bytes(&world, &(struct plan){.fit = true});
    assert_int_equal(bytes.size, 0);
    free(bytes.data);
    world_release(&world);
}

static void every_word_of_the_tables_is_there(void **state)
{
    (void)state;
    for (int id = 0; id < REBUT_TERMS; id++)
        assert_true(strlen(rebut_term_name((enum rebut_term_id)id)) > 0);
    for (int i = 0; i < REBUT_NOTE_KINDS; i++) {
        const enum rebut_note note = (enum rebut_note)(1 << i);
        assert_true(strlen(rebut_note_word(note)) > 0);
        assert_true(strlen(rebut_note_sentence(note, REBUT_CHINESE)) > 0);
        assert_true(strlen(rebut_note_sentence(note, REBUT_ENGLISH)) > 0);
    }
    for (int mark = 0; mark < REBUT_MARKS; mark++) {
        const struct rebut_mark_table *table = &rebut_mark_tables[mark];
        assert_true(strlen(table->name) > 0 && strlen(table->reason) > 0);
        assert_true(table->bins > 1 && table->bins <= REBUT_MARK_BINS);
        for (int bin = 0; bin < table->bins; bin++) {
            assert_true(fabs(table->bin[bin].weight) <= REBUT_MARK_WEIGHT_MAX);
            assert_true(strlen(table->bin[bin].name) > 0);
            assert_true(strlen(table->bin[bin].zh) > 0 && strlen(table->bin[bin].en) > 0);
            for (int other = 0; other < bin; other++)
                assert_string_not_equal(table->bin[bin].name, table->bin[other].name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_three_answers_keep_their_bounds),
        cmocka_unit_test(who_abuses_comes_before_who_buys_at_the_bad_shop),
        cmocka_unit_test(only_what_was_asked_since_is_scored),
        cmocka_unit_test(the_base_rate_is_noted_until_200_verdicts),
        cmocka_unit_test(every_line_is_json_with_what_was_promised),
        cmocka_unit_test(the_csv_has_a_row_a_score_and_a_column_a_term),
        cmocka_unit_test(without_requests_nothing_is_written),
        cmocka_unit_test(every_word_of_the_tables_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
