/** What `--help` shows below the options. */
export const notes = `Targets: a URL and keys, "URL key=value …"; also a line each in WAIT_FOR, and in --file.
  tcp://HOST:PORT tcp4:// tcp6:// unix:/PATH       connects
  tls://HOST:PORT                                  handshake verifies: sni ca cert key minDays
  http://HOST/PATH https://                        method status=200-299 header=K:V expect-header=K:V body~=REGEX
                                                   json:/POINTER=VALUE redirect=follow|no ca insecure max-body
  dns:NAME dns+a: dns+aaaa: dns+srv:               answers: min server=IP[:PORT] in=CIDR
  file:/PATH                                       min-bytes stable=2s newer-than json:/POINTER=VALUE
  redis://[USER:PASSWORD@]HOST:PORT/DB rediss://   role=master|replica key ca
  postgres:// mysql:// amqp:// amqps:// mongodb:// kafka://
  grpc://HOST:PORT/SERVICE grpcs://                grpc.health.v1 says SERVING: ca
  k8s:endpoints/NAME job/NAME deployment/NAME statefulset/NAME pod/NAME pod?l=LABELS GROUP/VERSION/PLURAL/NAME
                                                   ns min cond
  every target                                     name timeout=2s interval=250ms max-interval=5s stable=1
                                                   deadline optional not

Exit codes: 0 ready, 1 internal fault, 2 wrong use, 3 failed for good, 124 timed out, 126 or 127 the command
cannot be started, 128+n ended by signal n; else those of the command, which takes the place of this process.
`;
