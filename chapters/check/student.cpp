// The program that tries a student's file; ./course compiles it with the names of two files.
#include NST_STUDENT_FILE
#include NST_CHECK_FILE

int main(int argc, char** argv) {
    return course::check_main(argc, argv, NST_EXERCISE(exercise));
}
