export LD_PRELOAD=./evil.so
