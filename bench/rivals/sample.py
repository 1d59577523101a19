"""The widespread Python way: usage plans from the first page of each list, lines read as Python
literals and printed, times parsed and written anew. Speaks with the benchmark over Node's channel."""

import ast
import base64
import json
import os
import socket
import time
from datetime import datetime

PAGE = 25

with open(os.environ['BENCH_ACCOUNT']) as file:
    plans = json.load(file)[:PAGE]
plan_of = {}
customer_of = {}
for plan in plans:
    for key in plan['keys'][:PAGE]:
        customer_of[key['id']] = key['name']
        for stage in plan['apiStages']:
            plan_of[stage['apiId'] + ':' + stage['stage'] + ':' + key['id']] = plan['name']


def handler(event, context):
    output = []
    for record in event['records']:
        print(record['recordId'])
        payload = base64.b64decode(record['data']).decode('utf-8')
        print('payload: ' + payload)
        line = ast.literal_eval(payload)
        key_id = line.get('key_id') or line.get('api_key_id')
        call = line['api_id'] + ':' + line['stage'] + ':' + key_id
        line['usage_plan'] = plan_of.get(call, '-')
        line['customer_name'] = customer_of.get(key_id, '-')
        at = datetime.strptime(line['request_time'], '%d/%b/%Y:%H:%M:%S %z')
        line['request_time'] = at.strftime('%Y-%m-%d %H:%M:%S')
        text = json.dumps(line) + '\n'
        print('enriched: ' + text)
        output.append({
            'recordId': record['recordId'],
            'result': 'Ok',
            'data': base64.b64encode(text.encode('utf-8')).decode('utf-8'),
        })
    print('Processed {} records.'.format(len(event['records'])))
    return {'records': output}


def main():
    channel = socket.socket(fileno=int(os.environ['NODE_CHANNEL_FD']))
    reader = channel.makefile('r')
    tell = lambda message: channel.sendall((json.dumps(message) + '\n').encode())
    tell({'ready': True})
    texts = {}
    for command in reader:
        path = json.loads(command)['batch']
        if path not in texts:
            with open(path) as file:
                texts[path] = file.read()
        start = time.perf_counter()
        event = json.loads(texts[path])
        parsed = time.perf_counter()
        response = handler(event, None)
        handled = time.perf_counter()
        size = len(json.dumps(response))
        end = time.perf_counter()
        tell({'handlerMs': (handled - parsed) * 1000, 'totalMs': (end - start) * 1000, 'bytes': size})


main()
