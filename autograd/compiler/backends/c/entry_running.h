/* A function of the runtime called from Python with what was settled before, in a tenth of the time of ctypes. */
#include "entry_plans.h"

enum { MOST = 6 };

/* A function of the runtime, and what to call it with: addresses and numbers. */
typedef struct {
    void (*function)(void);
    Py_ssize_t count;
    intptr_t arguments[MOST];
    PyObject *alive;
} Work;

static void drop_work(PyObject *capsule) {
    Work *work = PyCapsule_GetPointer(capsule, NULL);
    Py_DECREF(work->alive);
    PyMem_Free(work);
}

static PyObject *run(PyObject *self, PyObject *Py_UNUSED(nothing)) {
    const Work *work = PyCapsule_GetPointer(self, NULL);
    const intptr_t *a = work->arguments;
    typedef intptr_t I;
    Py_BEGIN_ALLOW_THREADS
    switch (work->count) {
    case 1: ((void (*)(I))work->function)(a[0]); break;
    case 2: ((void (*)(I, I))work->function)(a[0], a[1]); break;
    case 3: ((void (*)(I, I, I))work->function)(a[0], a[1], a[2]); break;
    case 4: ((void (*)(I, I, I, I))work->function)(a[0], a[1], a[2], a[3]); break;
    case 5: ((void (*)(I, I, I, I, I))work->function)(a[0], a[1], a[2], a[3], a[4]); break;
    case 6: ((void (*)(I, I, I, I, I, I))work->function)(a[0], a[1], a[2], a[3], a[4], a[5]); break;
    }
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyMethodDef run_method = {"run", run, METH_NOARGS, "Call a function of the runtime; other threads go on."};

static PyObject *runner(PyObject *Py_UNUSED(module), PyObject *args) {
    Py_ssize_t function, a[MOST] = {0};
    PyObject *alive;
    if (!PyArg_ParseTuple(args, "nOn|nnnnn", &function, &alive, a, a + 1, a + 2, a + 3, a + 4, a + 5))
        return NULL;
    Work *work = PyMem_Calloc(1, sizeof *work);
    if (!work)
        return PyErr_NoMemory();
    work->function = (void (*)(void))(intptr_t)function;
    work->count = PyTuple_Size(args) - 2;
    for (int k = 0; k < MOST; k++)
        work->arguments[k] = a[k];
    Py_INCREF(alive);
    work->alive = alive;
    PyObject *capsule = PyCapsule_New(work, NULL, drop_work);
    PyObject *made = capsule ? PyCFunction_NewEx(&run_method, capsule, NULL) : NULL;
    if (!capsule) {
        Py_DECREF(alive);
        PyMem_Free(work);
    }
    Py_XDECREF(capsule);
    return made;
}
