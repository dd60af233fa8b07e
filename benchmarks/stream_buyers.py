#!/usr/bin/env python3
"""ORDERS orders of BUYERS buyers in turns, one a second: the same rows whatever BUYERS is, so
that the memory of two runs differs by buyers alone.

    stream_buyers.py ORDERS BUYERS >events.ndjson
"""
import sys
import time

orders, buyers = int(sys.argv[1]), int(sys.argv[2])
for i in range(orders):
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1780000000 + i))
    shop = i % 2000
    print(f'{{"type":"order","at":"{at}","order_id":"o{i:08d}","buyer_id":"b{i % buyers:07d}",'
          f'"merchant_id":"m{shop:05d}","sku_id":"m{shop:05d}-s{i % 10:02d}","category":"food.snack",'
          f'"channel":"shelf","amount":{1000 + i % 9000}}}')
