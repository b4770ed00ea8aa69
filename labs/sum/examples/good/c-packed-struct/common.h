/* Team 16 - what travels between our programs */
#ifndef COMMON_H
#define COMMON_H

#include <stdint.h>

#define PORT 5432

struct message {
    char name[32];
    int32_t number;
} __attribute__((packed));

#endif
