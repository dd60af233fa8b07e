#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "near.h"
#include "rebut/peel.h"

#define NODES 400
#define EDGES 20000

struct edge {
    uint32_t a, b;
};

static uint32_t degree_first[NODES + 2], neighbour[2 * EDGES];
static rebut_fixed weight[2 * EDGES];
static uint8_t kept[NODES];

/* Peel the graph of these edges, all of weight w. */
static double peel(uint32_t nodes, const struct edge *edges, uint32_t count,
                   rebut_fixed w)
{
    rebut_fixed degree[NODES];
    uint32_t heap[NODES], place[NODES], order[NODES];
    assert_true(nodes <= NODES && count <= EDGES);
    memset(degree_first, 0, sizeof degree_first);
    for (uint32_t i = 0; i < count; i++) {
        degree_first[edges[i].a + 2]++;
        degree_first[edges[i].b + 2]++;
    }
    for (uint32_t i = 0; i < nodes; i++)
        degree_first[i + 2] += degree_first[i + 1];
    for (uint32_t i = 0; i < count; i++) {
        neighbour[degree_first[edges[i].a + 1]++] = edges[i].b;
        neighbour[degree_first[edges[i].b + 1]++] = edges[i].a;
    }
    for (uint32_t i = 0; i < 2 * count; i++)
        weight[i] = w;
    const struct rebut_graph graph = {nodes, degree_first, neighbour, weight};
    const struct rebut_peel_work work = {degree, heap, place, order};
    return rebut_peel(&graph, &work, kept);
}

/* The density of what was kept, from the edges. */
static double density(uint32_t nodes, const struct edge *edges, uint32_t count)
{
    uint32_t within = 0, of = 0;
    for (uint32_t i = 0; i < count; i++)
        within += kept[edges[i].a] && kept[edges[i].b];
    for (uint32_t i = 0; i < nodes; i++)
        of += kept[i];
    return (double)within / of;
}

/* Zachary 1977, in 0 … 33. */
static const struct edge karate[] = {
    {0, 1},   {0, 2},   {1, 2},   {0, 3},   {1, 3},   {2, 3},   {0, 4},   {0, 5},
    {0, 6},   {4, 6},   {5, 6},   {0, 7},   {1, 7},   {2, 7},   {3, 7},   {0, 8},
    {2, 8},   {2, 9},   {0, 10},  {4, 10},  {5, 10},  {0, 11},  {0, 12},  {3, 12},
    {0, 13},  {1, 13},  {2, 13},  {3, 13},  {5, 16},  {6, 16},  {0, 17},  {1, 17},
    {0, 19},  {1, 19},  {0, 21},  {1, 21},  {23, 25}, {24, 25}, {2, 27},  {23, 27},
    {24, 27}, {2, 28},  {23, 29}, {26, 29}, {1, 30},  {8, 30},  {0, 31},  {24, 31},
    {25, 31}, {28, 31}, {2, 32},  {8, 32},  {14, 32}, {15, 32}, {18, 32}, {20, 32},
    {22, 32}, {23, 32}, {29, 32}, {30, 32}, {31, 32}, {8, 33},  {9, 33},  {13, 33},
    {14, 33}, {15, 33}, {18, 33}, {19, 33}, {20, 33}, {22, 33}, {23, 33}, {26, 33},
    {27, 33}, {28, 33}, {29, 33}, {30, 33}, {31, 33}, {32, 33}};
#define KARATE (sizeof karate / sizeof karate[0])

static void the_karate_club_s_densest_part_is_found_to_a_half(void **state)
{
    (void)state;
    const double found = peel(34, karate, KARATE, rebut_to_fixed(1));
    print_message("density %.6f\n", found);
    assert_true(found >= 1.3125 && found <= 2.625);
    assert_near(found, density(34, karate, KARATE), 1e-12);
}

static void ten_accounts_at_ten_merchants_alone_have_fraudar_s_density(void **state)
{
    (void)state;
    struct edge edges[100];
    for (uint32_t i = 0; i < 100; i++)
        edges[i] = (struct edge){i / 10, 10 + i % 10};
    assert_near(peel(25, edges, 100, rebut_peel_weight(10)), 1.8463468653442754, 1e-11);
    for (uint32_t i = 0; i < 25; i++)
        assert_int_equal(kept[i], i < 20); /* five nodes stand alone */
}

static uint64_t seed = 1;
static uint32_t pick(uint32_t count)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((seed >> 33) % count);
}

static void other_numbers_of_the_nodes_keep_the_same_nodes(void **state)
{
    (void)state;
    for (int round = 0; round < 50; round++) {
        struct edge edges[600], renamed[600];
        uint32_t name[60];
        uint8_t before[60];
        for (uint32_t i = 0; i < 60; i++)
            name[i] = i;
        for (uint32_t i = 59; i > 0; i--) {
            const uint32_t j = pick(i + 1), was = name[i];
            name[i] = name[j];
            name[j] = was;
        }
        for (uint32_t i = 0; i < 300; i++) {
            edges[i].a = pick(30);
            edges[i].b = 30 + pick(30);
            renamed[299 - i] = (struct edge){name[edges[i].a], name[edges[i].b]};
        }
        const double there = peel(60, edges, 300, rebut_to_fixed(1));
        memcpy(before, kept, sizeof before);
        const double back = peel(60, renamed, 300, rebut_to_fixed(1));
        assert_near(there, back, 0);
        for (uint32_t i = 0; i < 60; i++)
            assert_int_equal(before[i], kept[name[i]]);
        assert_near(back, density(60, renamed, 300), 1e-12);
    }
}

/* The best of all parts of small graphs, by trying them all. */
static void at_least_half_of_the_best_is_found(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++) {
        struct edge edges[40];
        double best = 0;
        const uint32_t count = 1 + pick(25);
        for (uint32_t i = 0; i < count; i++)
            edges[i] = (struct edge){pick(5), 5 + pick(5)};
        for (uint32_t part = 1; part < 1024; part++) {
            uint32_t within = 0;
            for (uint32_t i = 0; i < count; i++)
                within += (part >> edges[i].a & 1) && (part >> edges[i].b & 1);
            const double d = (double)within / __builtin_popcount(part);
            best = d > best ? d : best;
        }
        const double found = peel(10, edges, count, rebut_to_fixed(1));
        assert_true(found <= best + 1e-12 && found >= best / 2 - 1e-12);
    }
}

static void a_dense_part_is_found_under_much_that_is_not(void **state)
{
    (void)state;
    static struct edge edges[1000];
    uint32_t count = 0;
    for (uint32_t i = 0; i < 8; i++)
        for (uint32_t j = 0; j < 6; j++)
            edges[count++] = (struct edge){i, 200 + j};
    while (count < 300)
        edges[count++] = (struct edge){pick(200), 200 + pick(200)};
    assert_true(peel(400, edges, count, rebut_to_fixed(1)) >= 48. / 14);
    for (uint32_t i = 0; i < 8; i++)
        assert_int_equal(kept[i], 1);
}

static void nothing_is_no_dense_part(void **state)
{
    (void)state;
    const struct edge edge = {0, 1};
    assert_near(peel(0, NULL, 0, 1), 0, 0);
    assert_near(peel(5, NULL, 0, 1), 0, 0);
    assert_int_equal(kept[0], 0);
    assert_near(peel(2, &edge, 1, 0), 0, 0); /* an edge that is gone */
    assert_int_equal(kept[0], 0);
    assert_near(peel(2, &edge, 1, rebut_to_fixed(1)), .5, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_karate_club_s_densest_part_is_found_to_a_half),
        cmocka_unit_test(ten_accounts_at_ten_merchants_alone_have_fraudar_s_density),
        cmocka_unit_test(other_numbers_of_the_nodes_keep_the_same_nodes),
        cmocka_unit_test(at_least_half_of_the_best_is_found),
        cmocka_unit_test(a_dense_part_is_found_under_much_that_is_not),
        cmocka_unit_test(nothing_is_no_dense_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
