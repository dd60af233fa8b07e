#!/bin/sh
# What becomes of a shop's spreadsheet export.
. "$(dirname "$0")/lib.sh"

RETAIL=$TOP/engine/source/maps/online-retail.json
OFFICE=$TOP/engine/source/maps/merchant-back-office.json

cat >retail.csv <<'END'
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,"HEART, WHITE",6,2010-12-01 08:26:00,2.55,17850,United Kingdom
536365,85123A,"HEART, WHITE",6,2010-12-01 08:26:00,2.55,17850,United Kingdom
536366,71053,5" LANTERN,6,2010-12-01 08:28:00,3.39,17850,United Kingdom
536366,71053,5" LANTERN,2,2010-12-01 08:28:00,3.39,17850,United Kingdom
536367,POST,POSTAGE,1,2010-12-01 08:30:00,18.00,12583,France
536368,22752,NESTING BOXES,2,2010-12-01 08:34:00,7.65,,United Kingdom
536369,21730,LOST,-3,2010-12-01 09:00:00,4.25,17850,United Kingdom
536370,21731,FREE,1,2010-12-01 09:00:00,0.0,17850,United Kingdom
C536379,71053,5" LANTERN,-1,2010-12-02 09:41:00,3.39,17850,United Kingdom
C536383,35004C,GEESE,-1,2010-12-02 09:49:00,4.65,15311,United Kingdom
536371,21732,"TWO
LINES",1,01/12/2010 10:15,"1,004.25",17850,United Kingdom
536372,"broken,1,2010-12-01 11:00:00,1,17850,United Kingdom
536373,21733,CUP,x,2010-12-01 11:00:00,1,17850,United Kingdom
END

it 'turns rows into orders and credit notes into requests, and accounts for the rest'
run "$REBUT" import --map "$RETAIL" --rejects rejects.ndjson retail.csv
expect_status 0
expect_err "13 rows: 5 taken, 8 set aside, 0 blank"
expect_err 'event  order +4$'
expect_err 'event  request +1$'
for reason in duplicate not_goods no_buyer negative no_price no_purchase bad_row bad_number; do
    expect_err "aside  $reason +1\$"
done
expect_golden import/retail.ndjson
expect_golden import/retail-rejects.ndjson rejects.ndjson

it 'gives the same bytes with Windows line ends, a mark, and from stdin'
cp "$OUT" plain
{ printf '\357\273\277' && sed '/TWO$/!s/$/\r/' retail.csv; } >windows.csv
run "$REBUT" import --map "$RETAIL" windows.csv
expect_status 0
expect_same plain "$OUT"
run sh -c '"$0" import --map "$1" - <retail.csv' "$REBUT" "$RETAIL"
expect_status 0
expect_same plain "$OUT"

cat >office.csv <<'END'
订单编号,店铺ID,买家会员名,商品ID,商品标题,商品类目,成交渠道,购买数量,实付金额,下单时间,付款时间,发货时间,物流公司,运单号,签收时间,收货省份,退款编号,退款类型,退款状态,退款原因,退款金额,退款申请时间,退款完结时间,退款说明
="240601000001",s1,小红,1001,"连衣裙, 碎花",女装,直播,1,"¥1,299.00",2026/6/1 9:05,2026/6/1 9:06,2026-06-02 10:00:00,中通,="7788",2026-06-04 12:00:00,浙江省,T1,仅退款,退款成功,质量问题,1299,2026-06-05 09:00:00,2026-06-06 09:00:00,"裙子有 ""异味"""
240601000002,s1,小明,1002,坚果,零食,,,99.90,2026/6/1 9:07,2026/6/1 9:08,,,,,广东,,,,,,,,
240601000003,s1,小明,1002,坚果,零食,商品卡,2,99.90,2026/6/1 9:09,2026/6/1 9:09,,,,,香港特别行政区,T2,换货,处理中,质量问题,99,2026/6/2 9:00,,
240601000004,s1,小明,1002,坚果,零食,商品卡,2,99.90,2026/6/1 9:10,2026/6/1 9:10,,,,,广东,T3,极速退,处理中,质量问题,99,2026/6/2 9:00,,
2.40601E+11,s1,小明,1002,坚果,零食,商品卡,2,99.90,2026/6/1 9:10,2026/6/1 9:10,,,,,广东,,,,,,,,
240601000005,s1,小明,1002,坚果,零食,商品卡,2,99.90,2026/6/1 9:10,,,,,,广东,,,,,,,,
240601000006,s1,小刚,1003,苹果,生鲜,短视频,1,30,45809.5,45809.5,,,,,江苏省,T4,退货退款,退款关闭,不想要了,30,45810.25,45811.75,
,,,,,,,,,,,,,,,,,,,,,,,
合计,,,,,,,,1753.50,,,,,,,,,,,,,,,
END

it 'turns a back office export into orders, parcels, requests and outcomes'
run "$REBUT" import --map "$OFFICE" --rejects rejects.ndjson office.csv
expect_status 0
expect_err '9 rows: 4 taken, 4 set aside, 1 blank'
expect_golden import/office.ndjson
expect_golden import/office-rejects.ndjson rejects.ndjson

it 'finds out that a file is GB18030'
cp "$OUT" plain
iconv -f UTF-8 -t GB18030 office.csv >gb.csv
run "$REBUT" import --map "$OFFICE" gb.csv
expect_status 0
expect_same plain "$OUT"
run "$REBUT" import --map "$OFFICE" --encoding utf-8 gb.csv
expect_status 3
expect_err "header: bytes that are no text"

it 'writes no events when there are none'
head -n 1 retail.csv >header.csv
run "$REBUT" import --map "$RETAIL" --output events.ndjson header.csv
expect_status 3
expect_err "no row of 'header.csv' made an event"
expect 'no output' test ! -e events.ndjson
cut -d, -f 1-5 retail.csv >short.csv
run "$REBUT" import --map "$RETAIL" short.csv
expect_status 3
expect_err "expected one column 'CustomerID'"

it 'names what is wrong with a map'
printf '{"offset":"+08:00","events":[{"type":"order","fields":{"amout":"x"}}]}' >map.json
run "$REBUT" import --map map.json retail.csv
expect_status 3
expect_err "map 'map.json': 'events' number 1: no field 'amout' can be fed"
printf '{' >map.json
run "$REBUT" import --map map.json retail.csv
expect_status 3
expect_err "map 'map.json': line 1: "
run "$REBUT" import --map nowhere.json retail.csv
expect_status 1
expect_err 'nowhere.json'

it 'refuses a command line that says too little or too much'
run "$REBUT" import retail.csv
expect_status 2
expect_err "expected --map FILE and one input; see 'rebut import --help'"
run "$REBUT" import --map "$RETAIL" retail.csv office.csv
expect_status 2
run "$REBUT" import --map "$RETAIL" --encoding latin-1 retail.csv
expect_status 2
run "$REBUT" import --help
expect_status 0
expect_out '^usage: rebut import'

it 'fails when nothing can take its output'
run "$REBUT" import --map "$RETAIL" --output /dev/full retail.csv
expect_status 1
expect_err "cannot write '/dev/full': No space left on device"
run "$REBUT" import --map "$RETAIL" --rejects /dev/full --output events.ndjson retail.csv
expect_status 1
expect_err "cannot write '/dev/full'"
expect 'no output' test ! -e events.ndjson
run sh -c '"$0" import --map "$1" retail.csv >&-' "$REBUT" "$RETAIL"
expect_status 1
