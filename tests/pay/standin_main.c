/* The stand-in provider alone, for its test suite: the same code as `guichet standin`. */
#include "pay/standin.h"

int main(int argc, char **argv)
{
    return standin_main(argc, argv);
}
