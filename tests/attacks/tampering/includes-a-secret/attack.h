#if __has_include("@CANARY@")
#include "@CANARY@"
told;
#endif
